import type { AdminRole, AdminToken } from '../../domain/admin-role.ts';
import type { BeforeState } from '../../domain/before-webhook.ts';
import type { Actor } from '../../service/admin.ts';
import type { ExplainDeps } from '../../service/explain.ts';
import type { EndpointLag } from '../../service/lag.ts';
import { ApiError } from './api-error.ts';
import type { Query } from './query.ts';

/** What the admin API works with. */
export interface AdminApiDeps extends ExplainDeps {
  readonly tokens: readonly AdminToken[];
  readonly apps: readonly AdminApp[];
  /** Names of the proxies that endpoints may go by. */
  readonly proxies: readonly string[];
  /** Of Confab, for people. */
  readonly version: string;
  /** Unix ms of the start of the server. */
  readonly startedAt: number;
  /** The endpoints that are asked before messages are sent. */
  beforeStates(): readonly BeforeState[];
  /** Of the endpoints that are delivered to now, by id; one that is paused or still starting has none. */
  deliveryStates(): ReadonlyMap<number, DeliveryState>;
  /** This process among the others on its database; undefined where there can be one only. */
  node(): ThisNode | undefined;
  /** How far every endpoint is behind, at most 10 s old. */
  lag(): Promise<readonly EndpointLag[]>;
  /** Told after endpoints were created, changed, paused, resumed or deleted, and after a replay was asked for. */
  pipelineChanged(): void;
}

export interface ThisNode {
  readonly id: string;
  readonly role: 'all' | 'api' | 'dispatch';
  /** Partitions of lanes that it works on now, of so many. */
  readonly held: number;
  readonly partitions: number;
  /** Nodes that live, this one among them. */
  readonly nodes: number;
}

/** How an endpoint is delivered to at the moment. */
export interface DeliveryState {
  readonly breaker: 'closed' | 'open' | 'probing';
  readonly inFlight: number;
  /** Attempts that may be under way: fewer than its `concurrency` while the receiver answers 429 or 503. */
  readonly allowed: number;
  /** Milliseconds until the receiver wants to be called again; 0 when it may be. */
  readonly heldForMs: number;
}

/** What the admin API shows of an app: never its keys. */
export interface AdminApp {
  readonly sdkAppId: number;
  readonly admins: readonly string[];
}

/** One authenticated call. */
export interface Call {
  readonly deps: AdminApiDeps;
  readonly actor: Actor;
  readonly query: Query;
  /** Part of the path, decoded. */
  param(name: string): string;
  /** The body as JSON. */
  json(): unknown;
}

export interface Answer {
  readonly status: 200 | 201 | 202;
  readonly body: object;
}

/** A row of the table of routes. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/admin/v1/`; parameters in braces. */
  readonly path: string;
  /** The least role that may call it. */
  readonly role: AdminRole;
  /** For the documentation: what it does, in Markdown. */
  readonly summary: string;
  /** Query parameters, with what they mean. */
  readonly query?: Readonly<Record<string, string>>;
  /** For the documentation: what to send, what comes back. */
  readonly body?: string;
  readonly answer: string;
  handle(call: Call): Promise<Answer>;
}

/** The `{app}` of the path, which must be an app of this server. */
export function appOf(call: Call): number {
  const text = call.param('app');
  const app = call.deps.apps.find(({ sdkAppId }) => String(sdkAppId) === text);
  if (app === undefined)
    throw new ApiError('not-found', `There is no app "${text.slice(0, 20)}" on this server.`);
  return app.sdkAppId;
}
