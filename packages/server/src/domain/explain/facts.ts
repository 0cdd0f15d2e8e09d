import type { Endpoint } from '../endpoint.ts';
import type { AfterKind } from '../event-kinds.ts';

/** One event as the log, or what is left of it, knows it. */
export interface ExplainedEvent {
  /** 0: it has none. */
  readonly msgSeq: number;
  /** What it is, such as `group.message.sent`; absent when only a tip in the history tells of it. */
  readonly kind?: string;
  /** As what endpoints ask for it; absent when nobody can. */
  readonly asked?: AfterKind;
  /** Absent when log row and message have both been trimmed. */
  readonly logSeq?: number;
  /** The `webhook-id` of its deliveries. */
  readonly id?: string;
  /** Unix ms of the commit. */
  readonly time?: number;
  /** Its log row is there: what every endpoint wanted of it is known. */
  readonly inLog: boolean;
  /** Sent with `ForbidAfterSendMsgCallback`. */
  readonly suppressed: boolean;
}

/** A failed attempt, as its row has it. Times in unix ms. */
export interface FailureFact {
  readonly at: number;
  readonly verdict: string;
  readonly status?: number;
  readonly detail: string;
}

/** Another event of the lane, which is sent before the one asked about. */
export interface HeadFact {
  readonly logSeq: number;
  /** 0: it has none. */
  readonly msgSeq: number;
  readonly attempts: number;
  /** Unix ms of its next attempt; absent before the first one failed. */
  readonly dueAt?: number;
  readonly lastFailure?: FailureFact;
}

export interface LetterFact {
  readonly id: number;
  readonly reason: string;
  readonly detail: string;
  readonly attempts: number;
  /** Log sequence; one of `endpoint-deleted` stands for all later events of its group too. */
  readonly logSeq: number;
  readonly at: number;
  /** When it was closed: replayed, or dismissed. */
  readonly replayedAt?: number;
  readonly dismissed: boolean;
}

/** What the store knows of one event and one endpoint. Times in unix ms. */
export interface DeliveryFacts {
  readonly endpoint: Endpoint;
  readonly groupId: string;
  readonly deletedAt?: number;
  /** Of the last pause by the admin API, if the audit log still tells soon enough. */
  readonly pausedBy?: { readonly actor: string; readonly at: number };
  /** Its audience at the commit; undefined when the log row has been trimmed. */
  readonly wanted: boolean | undefined;
  /** Absent: the lane has caught up. */
  readonly lane?: {
    readonly settled: boolean;
    /** Attempts of this event that count, and when the next one is due. */
    readonly retry?: { readonly attempts: number; readonly dueAt: number };
    /** What comes first, with `order: group`. */
    readonly head?: HeadFact;
    /** A replay of other events comes first. */
    readonly replaying: boolean;
  };
  /** Failed attempts that have a row, probes counted one by one. */
  readonly failures: { readonly count: number; readonly last?: FailureFact };
  /** The row of deliveries that spans the event. */
  readonly range?: { readonly firstAt: number; readonly lastAt: number; readonly count: number };
  /** The receiver told a position `through` beyond the event, which was not sent then; of several (`times`), some in between may have been. */
  readonly passed?: { readonly at: number; readonly through: number; readonly times: number };
  /** The latest dead letter of the event. */
  readonly letter?: LetterFact;
  /** A replay that is not done yet will send it. */
  readonly replayPending: boolean;
}

/** What only the dispatcher's memory knows. Times in unix ms. */
export interface LiveDelivery {
  readonly breaker: 'closed' | 'open' | 'probing';
  readonly openSince?: number;
  readonly probeAt?: number;
  /** Where the event stands in its lane, if the lane is worked on and has read so far. */
  readonly event?: 'ready' | 'inFlight' | 'waiting' | 'settled';
  /** Why no attempt of any lane begins at this moment. */
  readonly held?: 'slow-down' | 'concurrency' | 'rate' | 'turn' | 'store';
  /** Until when the receiver has asked to be left alone. */
  readonly heldUntil?: number;
}
