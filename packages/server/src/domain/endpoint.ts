import type { OpenImRevision, TencentRevision } from '@confab-im/protocol';
import type { ClientTls } from './client-tls.ts';
import { BEFORE_KINDS, type EventKind } from './event-kinds.ts';

/** Published forms of the dialect `standard`: one so far. */
export const STANDARD_REVISIONS = ['1'] as const;
export type StandardRevision = (typeof STANDARD_REVISIONS)[number];

export type Start =
  | { readonly at: 'now' }
  | { readonly at: 'beginning' }
  | { readonly at: 'time'; readonly time: number }
  | { readonly at: 'sequence'; readonly seq: number };

/** Where webhooks go and how: design "Configuration", the endpoint table, with every default filled in. */
export interface EndpointSettings {
  readonly name: string;
  readonly url: string;
  readonly dialect: 'tencent' | 'openim' | 'standard';
  readonly revision: TencentRevision | OpenImRevision | StandardRevision;
  readonly events: readonly EventKind[];
  /** Absent: all groups. */
  readonly groups?: readonly string[];
  readonly start: Start;
  readonly authToken?: string;
  /** Sign every request after Standard Webhooks, all of them: `whsec_…` (HMAC) or `whsk_…` (Ed25519). Secrets. */
  readonly signingKeys?: readonly string[];
  /** Several events of a group in one request, where they wait; dialect `standard` only. Absent: one by one. */
  readonly batch?: BatchLimits;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly order: 'group' | 'none';
  readonly onHeadFailure: 'block' | 'park' | 'skip';
  readonly retry: RetryPolicy;
  readonly breaker: { readonly failures: number; readonly probeEveryMs: number };
  readonly concurrency: number;
  readonly ratePerSecond?: number;
  /** Its share when the server's places are scarce, beside the other endpoints of its app. */
  readonly weight: number;
  readonly allowPrivateNetwork: boolean;
  /** Absent, in what earlier versions stored: false. */
  readonly allowPlainHttp?: boolean;
  /** A 2xx whose body is not the documented OK is no delivery. Absent: false. */
  readonly strict?: boolean;
  readonly tls?: ClientTls;
  /** A proxy of the configuration by its name, or `direct`. Absent: the default one, if there is one. */
  readonly proxy?: string;
  /** What becomes of a message that the endpoint was to be asked about and could not be. Absent: `proceed`. */
  readonly onFailure?: 'proceed' | 'refuse';
}

export interface BatchLimits {
  readonly maxEvents: number;
  /** Of the request's body; an event that is longer goes alone. */
  readonly maxBytes: number;
}

export interface RetryPolicy {
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** A receiver's `Retry-After` is waited for up to here, however short `maxDelayMs` is. */
  readonly maxRetryAfterMs: number;
  /** null: no limit by number. */
  readonly maxAttempts: number | null;
  /** Counted from the first attempt at the event. */
  readonly maxAgeMs: number;
  /** HTTP statuses that no further attempt would change: the event is given up at once. */
  readonly permanentStatuses: readonly number[];
}

/** Nothing that an attempt leads to lies further ahead than this: what seems to wait longer waits for a clock that was set back. */
export function longestWaitMs({ retry }: Pick<EndpointSettings, 'retry'>): number {
  return Math.max(retry.maxDelayMs, retry.maxRetryAfterMs);
}

/** An endpoint as an earlier version stored it, with what came later. Keys keep their order: settings are compared as JSON. */
export function withLaterSettings(stored: EndpointSettings): EndpointSettings {
  const { weight, retry }: { readonly weight?: number; readonly retry: Partial<RetryPolicy> } = stored;
  return {
    ...stored,
    weight: weight ?? 1,
    retry: {
      ...stored.retry,
      maxRetryAfterMs: retry.maxRetryAfterMs ?? 3_600_000,
      permanentStatuses: retry.permanentStatuses ?? [410],
    },
  };
}

/** An endpoint as the store holds it. */
export interface Endpoint {
  readonly id: number;
  readonly app: number;
  readonly source: 'config' | 'api';
  readonly paused: boolean;
  /** Why it is paused: asked for, or vanished from the configuration. */
  readonly pauseReason?: 'operator' | 'not-in-config';
  /** Grows with every change; subscriptions are matched at commit against the version of that moment. */
  readonly version: number;
  readonly createdAt: number;
  /** Its lanes are still being put where they start; nothing is delivered until then. */
  readonly starting: boolean;
  readonly settings: EndpointSettings;
}

/** Is this endpoint to be asked before anything happens? */
export function asksBefore(settings: Pick<EndpointSettings, 'events'>): boolean {
  return BEFORE_KINDS.some((kind) => settings.events.includes(kind));
}

/** Is this endpoint told with each event which one came before it on its lane? */
export function keepsChain(settings: Pick<EndpointSettings, 'dialect'>): boolean {
  return settings.dialect === 'standard';
}

/** Does this endpoint want this event? The subscription, as a pure function. */
export function wants(settings: EndpointSettings, kind: EventKind, groupId: string): boolean {
  return (
    settings.events.includes(kind) && (settings.groups === undefined || settings.groups.includes(groupId))
  );
}
