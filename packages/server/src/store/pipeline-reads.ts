import type { ExplainFacts, ExplainQuery } from './explain.ts';
import type { LagPage, LagQuery } from './lag.ts';

/** What the pipeline has done and has still to do, for people: the admin API, `confab` and the metrics. */
export interface PipelineReads {
  lanes(query: LanesQuery): Promise<readonly LaneStatus[]>;
  attempts(query: AttemptsQuery): Promise<readonly AttemptRow[]>;
  deadLetters(query: DeadLettersQuery): Promise<readonly DeadLetterRow[]>;
  deliveries(query: AttemptsQuery): Promise<readonly DeliveryRow[]>;
  /** What became of one message at each endpoint: the facts that `domain/explain` decides from. */
  explain(query: ExplainQuery): Promise<ExplainFacts>;
  lag(query: LagQuery): Promise<LagPage>;
  jobs(): Promise<readonly JobRow[]>;
  auditLog(query: { readonly before?: number; readonly limit: number }): Promise<readonly AuditRow[]>;
  stats(): Promise<StoreStats>;
}

export interface LanesQuery {
  readonly app?: number;
  readonly endpoint?: string;
  /** Of a Community with its topics. */
  readonly groupId?: string;
  readonly topicId?: string;
  readonly limit: number;
}

/** A lane that is behind, for people. */
export interface LaneStatus {
  readonly app: number;
  readonly endpoint: string;
  readonly groupId: string;
  readonly topicId?: string;
  readonly cursor: number;
  readonly head: number;
  /** Events that this endpoint still has to get, counted up to `LAG_COUNT_LIMIT`. */
  readonly lag: number;
  /** Unix ms of the oldest undelivered event. */
  readonly oldestAt?: number;
  readonly dueAt: number;
  readonly attempts: number;
}

/** Counting a lane's lag stops here; larger ones show as this number. */
export const LAG_COUNT_LIMIT = 10_000;

/** Counting the lanes of an endpoint that are behind stops here: a scrape of the metrics must not hold up sends. */
export const LANES_COUNT_LIMIT = 100_000;

export interface AttemptsQuery {
  readonly app: number;
  readonly endpoint?: string;
  readonly groupId?: string;
  readonly topicId?: string;
  readonly logSeq?: number;
  readonly limit: number;
}

export interface AttemptRow {
  readonly endpoint: string;
  readonly groupId: string;
  readonly topicId?: string;
  readonly logSeq: number;
  readonly attempt: number;
  readonly at: number;
  readonly durationMs: number;
  readonly verdict: string;
  readonly status?: number;
  readonly detail: string;
  readonly answer?: string;
  /** Breaker probes with the same verdict are one row: how many, and when the last one was. */
  readonly count: number;
  readonly lastAt: number;
}

export interface DeadLettersQuery {
  readonly app?: number;
  readonly endpoint?: string;
  /** Also those that were replayed or dismissed. */
  readonly includeReplayed: boolean;
  readonly limit: number;
}

export interface DeadLetterRow {
  readonly id: number;
  readonly app: number;
  readonly endpoint: string;
  readonly groupId: string;
  readonly topicId?: string;
  readonly logSeq: number;
  readonly msgSeq: number;
  readonly reason: string;
  readonly detail: string;
  readonly attempts: number;
  readonly firstAttemptAt: number;
  readonly at: number;
  readonly replayedAt?: number;
  readonly dismissedAt?: number;
}

export interface DeliveryRow {
  readonly endpoint: string;
  readonly groupId: string;
  readonly topicId?: string;
  readonly fromSeq: number;
  readonly throughSeq: number;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Not sent, since the receiver had it by its own account; of several such parts from the first to the last, which it told at `passedAt`. */
  readonly passedFrom?: number;
  readonly passedThrough?: number;
  readonly passedAt?: number;
}

export interface JobRow {
  readonly id: number;
  readonly kind: string;
  readonly endpoint: string;
  readonly streamsDone: number;
  readonly createdAt: number;
  readonly finishedAt?: number;
}

export interface AuditRow {
  readonly id: number;
  readonly at: number;
  readonly actor: string;
  readonly role: string;
  readonly action: string;
  readonly target: string;
  readonly detail: string;
}

export interface StoreStats {
  readonly schemaVersion: number;
  readonly databaseBytes: number;
  readonly accounts: number;
  readonly groups: number;
  /** Per endpoint: lanes that are behind, and unix ms since when the oldest of them wants work. */
  readonly lanesBehind: readonly {
    readonly app: number;
    readonly endpoint: string;
    readonly lanes: number;
    readonly oldestDueAt?: number;
  }[];
  readonly deadLetters: readonly { readonly app: number; readonly endpoint: string; readonly open: number }[];
}
