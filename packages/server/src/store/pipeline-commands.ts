import type { EndpointSettings } from '../domain/endpoint.ts';
import type { LeaseFence } from '../domain/lease.ts';
import type { AppRetention } from '../domain/retention.ts';
import type { Base, InApp } from './command-base.ts';
import type { DeadLetterReason, FailedAttempt, LaneKey, LaneProgress } from './lanes.ts';

/** What the dispatcher learnt since its last checkpoint. `generation` fences: a store opened later refuses an older one. */
export interface Checkpoint extends Base {
  readonly type: 'checkpoint';
  readonly generation: number;
  /** Where several nodes share a store: of lanes that are leased otherwise by now nothing is written. */
  readonly leases?: LeaseFence;
  readonly lanes: readonly LaneProgress[];
  readonly attempts: readonly FailedAttempt[];
  readonly deadLetters: readonly {
    readonly lane: LaneKey;
    readonly seq: number;
    readonly reason: DeadLetterReason;
    readonly detail: string;
    readonly attempts: number;
    readonly firstAttemptAt: number;
  }[];
}

/** Creates or changes a stored endpoint. A new one starts its lanes where `settings.start` says. */
export interface PutEndpoint extends InApp {
  readonly type: 'putEndpoint';
  readonly settings: EndpointSettings;
  readonly source: 'config' | 'api';
}

/** Makes the endpoints of the configuration file true: creates, changes, and pauses those that vanished from it. */
export interface SyncEndpoints extends InApp {
  readonly type: 'syncEndpoints';
  readonly endpoints: readonly EndpointSettings[];
}

export interface SetEndpointPaused extends InApp {
  readonly type: 'setEndpointPaused';
  readonly name: string;
  readonly paused: boolean;
}

/** Deletes an endpoint made by the API. With undelivered events it is refused unless `force`: then a job ends each lane as a dead letter. */
export interface DeleteEndpoint extends InApp {
  readonly type: 'deleteEndpoint';
  readonly name: string;
  readonly force: boolean;
}

/** Sends events of the log again to one endpoint, before whatever its lanes still wait for. Ends inclusive; times in unix ms. */
export interface StartReplay extends InApp {
  readonly type: 'startReplay';
  readonly endpoint: string;
  /** Absent: every group of the app. Of a Community with its topics, unless numbers of messages are given. */
  readonly groupId?: string;
  /** Only this topic of the group. */
  readonly topicId?: string;
  readonly fromMsgSeq?: number;
  readonly toMsgSeq?: number;
  readonly since?: number;
  readonly until?: number;
}

export interface ReplayDeadLetter extends InApp {
  readonly type: 'replayDeadLetter';
  readonly id: number;
}

/**
 * Replays or dismisses one page of the open dead letters of an app, oldest first. `through` holds the end of what was asked for
 * from page to page: a replay that fails again makes a new dead letter, which is not replayed in the same breath.
 */
export interface CloseDeadLetters extends InApp {
  readonly type: 'closeDeadLetters';
  readonly how: 'replay' | 'dismiss';
  readonly endpoint?: string;
  /** Of a Community with its topics. */
  readonly groupId?: string;
  readonly topicId?: string;
  /** Only this one. */
  readonly id?: number;
  /** Ids greater than this; 0 from the start. */
  readonly after: number;
  /** Ids up to this; absent: up to the newest there is. */
  readonly through?: number;
  readonly limit: number;
}

/** Does one bounded page of the oldest unfinished job (replay over many groups, start from the beginning). */
export interface ContinueJobs extends Base {
  readonly type: 'continueJobs';
  readonly pageSize: number;
}

/** Deletes one bounded page of what no cursor, no window and no dead letter needs any more. Windows in ms; 0 = for ever. */
export interface Trim extends Base {
  readonly type: 'trim';
  readonly replayWindowMs: number;
  readonly messageWindowMs: number;
  /** Apps and groups with a window of their own for messages. */
  readonly apps?: readonly AppRetention[];
  readonly limit: number;
}

/** One line of the append-only audit log. Never carries secrets. */
export interface Audit extends Base {
  readonly type: 'audit';
  readonly actor: string;
  readonly role: string;
  readonly action: string;
  readonly target: string;
  readonly detail: string;
}
