import type { PendingChange, PendingMessageFacts } from '@confab-im/protocol';
import type {
  BeforeState,
  BeforeVerdict,
  BeforeWebhook,
  ChangeVerdict,
  MessageParts,
} from '../domain/before-webhook.ts';
import { asksBefore, type Endpoint, wants } from '../domain/endpoint.ts';
import { BEFORE_MESSAGE_KINDS } from '../domain/event-kinds.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { Store } from '../store/store.ts';
import { type BeforeDeps, BeforeEndpoint } from './before-endpoint.ts';
import type { BeforeFailure } from './before-judgement.ts';

export interface BeforeWebhooksOptions extends BeforeDeps {
  readonly store: Pick<Store, 'endpoints'>;
  /** Names of the endpoints that the configuration file has, by app, in its order: the order in which they are asked. */
  readonly fileOrder: ReadonlyMap<number, readonly string[]>;
}

const STOPPING = refuse('BEFORE_WEBHOOK_FAILED', 'the server is stopping; send again later');

/**
 * Asks the app backends before something happens: the endpoints of the app in the order of the configuration, then those made by
 * the API in the order of their making. Each sees what the one before has made of the message; the first refusal or drop
 * ends it. A paused endpoint is not asked.
 */
export class BeforeWebhooks implements BeforeWebhook {
  readonly #options: BeforeWebhooksOptions;
  readonly #retiring = new Set<BeforeEndpoint>();
  #endpoints = new Map<number, BeforeEndpoint>();
  /** The endpoints of each app in the order of the chain. */
  #chains: ReadonlyMap<number, readonly Endpoint[]> = new Map();
  #reloading: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: BeforeWebhooksOptions) {
    this.#options = options;
  }

  /** Endpoints have changed. Questions under way end as they began. Rejects when the store does not answer. */
  reload(): Promise<void> {
    const reloaded = this.#reloading.then(() => this.#reload());
    this.#reloading = reloaded.catch(() => {});
    return reloaded;
  }

  matches(app: number, groupId: string): boolean {
    const chain = this.#chains.get(app);
    return (
      chain?.some(({ settings }) => BEFORE_MESSAGE_KINDS.some((kind) => wants(settings, kind, groupId))) ??
      false
    );
  }

  async ask(app: number, message: PendingMessageFacts, traceparent?: string): Promise<BeforeVerdict> {
    let current = message;
    for (const { id } of this.#chains.get(app) ?? []) {
      // Looked up now: it may have been changed or removed since the chain was begun.
      const endpoint = this.#endpoints.get(id);
      if (endpoint === undefined) continue;
      const asked = current;
      const verdict = await endpoint.use(() => askEndpoint(endpoint, asked, traceparent));
      if (verdict.kind !== 'allowed') return verdict;
      if (verdict.rewritten !== undefined) current = withParts(current, verdict.rewritten);
    }
    return current === message ? { kind: 'allowed' } : { kind: 'allowed', rewritten: partsOf(current) };
  }

  matchesChange(app: number, kind: PendingChange['kind'], groupId: string): boolean {
    return this.#chains.get(app)?.some(({ settings }) => wants(settings, kind, groupId)) ?? false;
  }

  async askChange(app: number, change: PendingChange, traceparent?: string): Promise<ChangeVerdict> {
    const refusedMembers: string[] = [];
    let current = change;
    for (const { id } of this.#chains.get(app) ?? []) {
      const endpoint = this.#endpoints.get(id);
      if (endpoint === undefined || !wants(endpoint.endpoint.settings, change.kind, change.groupId)) continue;
      const asked = current;
      const judgement = await endpoint.use(() => endpoint.ask(asked.kind, asked, traceparent));
      if (judgement === 'aborted') return STOPPING;
      if (judgement.kind === 'refused') return judgement.refusal;
      if (judgement.kind === 'failed' && endpoint.endpoint.settings.onFailure === 'refuse') {
        return failed(endpoint.endpoint, judgement, 'the change');
      }
      if (judgement.kind !== 'without') continue;
      refusedMembers.push(...judgement.userIds);
      current = withoutMembers(current, judgement.userIds);
      if (hasNobodyLeft(current)) break;
    }
    return { kind: 'allowed', refusedMembers };
  }

  states(): BeforeState[] {
    return [...this.#endpoints.values()].map(({ state }) => state);
  }

  /**
   * Ends the questions under way, and whatever would be asked afterwards, as refusals: nothing is sent unasked because the server
   * ends. To let them end, stop what asks first.
   */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#endpoints.values(), ...this.#retiring].map((endpoint) => endpoint.abort()));
  }

  async #reload(): Promise<void> {
    const all = await this.#options.store.endpoints();
    if (this.#closed) return;
    const active = all.filter(({ paused, settings }) => !paused && asksBefore(settings));
    const before = this.#endpoints;
    this.#endpoints = new Map(active.map((endpoint) => [endpoint.id, this.#keepOrMake(endpoint)]));
    this.#chains = Map.groupBy(this.#inOrder(active), ({ app }) => app);
    for (const [id, old] of before) {
      if (this.#endpoints.get(id) === old) continue;
      if (!this.#endpoints.has(id)) this.#options.observer.gone(old.endpoint);
      this.#retiring.add(old);
      void old.retire().then(() => this.#retiring.delete(old));
    }
  }

  #keepOrMake(endpoint: Endpoint): BeforeEndpoint {
    const known = this.#endpoints.get(endpoint.id);
    return known?.endpoint.version === endpoint.version ? known : new BeforeEndpoint(endpoint, this.#options);
  }

  #inOrder(endpoints: readonly Endpoint[]): Endpoint[] {
    const rank = ({ app, settings }: Endpoint): number => {
      const place = this.#options.fileOrder.get(app)?.indexOf(settings.name) ?? -1;
      return place === -1 ? Number.MAX_SAFE_INTEGER : place;
    };
    return endpoints.toSorted((a, b) => rank(a) - rank(b) || a.id - b.id);
  }
}

/** An endpoint's questions one after the other: before sending, then OpenIM's modify step. */
async function askEndpoint(
  endpoint: BeforeEndpoint,
  message: PendingMessageFacts,
  traceparent: string | undefined,
): Promise<BeforeVerdict> {
  const { settings } = endpoint.endpoint;
  let current = message;
  for (const kind of BEFORE_MESSAGE_KINDS) {
    if (!wants(settings, kind, message.groupId)) continue;
    const judgement = await endpoint.ask(kind, current, traceparent);
    if (judgement === 'aborted') return STOPPING;
    if (judgement.kind === 'dropped') return { kind: 'dropped' };
    if (judgement.kind === 'refused') return judgement.refusal;
    if (judgement.kind === 'rewritten') current = withParts(current, judgement.parts);
    if (judgement.kind === 'failed') {
      if (settings.onFailure === 'refuse') return failed(endpoint.endpoint, judgement, 'the message');
      // The endpoint has had its time; its other question would only take as long again.
      break;
    }
  }
  return current === message ? { kind: 'allowed' } : { kind: 'allowed', rewritten: partsOf(current) };
}

function failed({ settings }: Endpoint, { verdict }: BeforeFailure, what: string): Refusal {
  return refuse(
    'BEFORE_WEBHOOK_FAILED',
    `endpoint "${settings.name}" was to be asked about ${what} first and failed (${verdict}); its onFailure refuses ${what}, so send it again later`,
  );
}

function withoutMembers(change: PendingChange, refused: readonly string[]): PendingChange {
  if (change.kind !== 'group.before-invite') return change;
  return { ...change, members: change.members.filter((userId) => !refused.includes(userId)) };
}

function hasNobodyLeft(change: PendingChange): boolean {
  return change.kind === 'group.before-invite' && change.members.length === 0;
}

function partsOf({ msgBodyJson, cloudCustomData, at }: PendingMessageFacts): MessageParts {
  return {
    msgBodyJson,
    ...(cloudCustomData !== undefined && { cloudCustomData }),
    ...(at !== undefined && { at }),
  };
}

function withParts(message: PendingMessageFacts, parts: MessageParts): PendingMessageFacts {
  const { msgBodyJson: _body, cloudCustomData: _data, at: _at, ...rest } = message;
  return { ...rest, ...parts };
}
