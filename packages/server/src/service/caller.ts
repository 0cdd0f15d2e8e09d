import type { Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { BeforeWebhook } from '../domain/before-webhook.ts';
import type { MessageRetention } from '../domain/retention.ts';
import type { Sessions } from '../domain/sessions.ts';
import type { CommandSource } from '../store/commands.ts';
import type { Store } from '../store/store.ts';
import type { Archives } from './archives.ts';

/** What every service function works with. */
export interface ServiceDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly beforeWebhook: BeforeWebhook;
  readonly retention: MessageRetention;
  readonly sessions: Sessions;
  readonly archives: Archives;
  /** Secret keys of an app, which sign what is given out to be brought back. */
  readonly keysOf: (app: number) => readonly string[];
}

/** Who calls: an admin of an app, as the REST edge has verified him. Everything happens inside this app. */
export interface Caller {
  readonly app: number;
  readonly operator: string;
  /** All admins of the app; they outrank mutes and need no import. */
  readonly admins: readonly string[];
  readonly clientIp: string;
  readonly requestId: string;
  /** How he has reached this server, like `https://chat.example`. */
  readonly origin: string;
  /** The span of this request, when it is traced. */
  readonly traceparent?: string;
}

/** The fields that every command of an app has. */
export function commandBase(
  deps: ServiceDeps,
  caller: Caller,
): { readonly now: number; readonly app: number; readonly from: CommandSource } {
  return { now: deps.clock.now(), app: caller.app, from: sourceOf(caller) };
}

/** What the events of a caller's commands tell of him. */
export function sourceOf({ clientIp, requestId, traceparent }: Caller): CommandSource {
  const source = { clientIp, platform: 'RESTAPI', operationId: requestId };
  return traceparent === undefined ? source : { ...source, traceparent };
}
