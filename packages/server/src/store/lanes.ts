import type { EventFacts } from '@confab-im/protocol';

/** (endpoint, stream): what has an order of its own towards one receiver. */
export interface LaneKey {
  readonly endpointId: number;
  readonly streamId: number;
}

/** An event of a lane that has failed at least once and is not settled. Times in unix ms. */
export interface RetryState {
  readonly seq: number;
  readonly attempts: number;
  readonly firstAttemptAt: number;
  readonly dueAt: number;
  /** The event was given up, for this reason, and its tombstone is what is sent. */
  readonly tombstone?: string;
}

/** A lane that is behind. Everything up to `cursor` is settled; with `order: none` so are the numbers in `acked`. */
export interface LaneRow extends LaneKey {
  readonly cursor: number;
  readonly acked: readonly number[];
  readonly retries: readonly RetryState[];
  /** Unix ms; when the lane wants to be worked on. */
  readonly dueAt: number;
}

/** A lane as the dispatcher leaves it at a checkpoint. */
export interface LaneProgress extends LaneRow {
  /** The dispatcher found nothing after the cursor: the row goes, unless the log has news. */
  readonly idle: boolean;
  /** Numbers of the running replay up to here are settled; 0 = no replay moved. */
  readonly replayedThrough: number;
  /** Replay the `replayedThrough` belongs to. */
  readonly replayId?: number;
  /** Delivered since the last checkpoint: first and last number, how many, from when to when (unix ms). */
  readonly delivered?: DeliveredRange;
  /** Of `delivered`, what was not sent. */
  readonly passed?: PassedRange;
}

export interface DeliveredRange {
  readonly fromSeq: number;
  readonly throughSeq: number;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** What the receiver had by its own account: a position that it told lies beyond it. */
export interface PassedRange {
  readonly fromSeq: number;
  /** The position. */
  readonly throughSeq: number;
  /** Unix ms of the answer that told it; of several, the last one. */
  readonly at: number;
  /** Positions: of more than one, what lies between them was sent. */
  readonly times: number;
}

/** Why an attempt failed; the stages of `webhook/sender.ts` and what the answer said. */
export interface FailedAttempt {
  readonly lane: LaneKey;
  readonly seq: number;
  /** 1 for the first attempt of this event. */
  readonly attempt: number;
  readonly at: number;
  readonly durationMs: number;
  /** `http_status`, `timeout`, `connection_refused`, `dns_error`, `tls_error`, `connection_reset`, `blocked_address`, … */
  readonly verdict: string;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  readonly detail: string;
  /** The beginning of the answer's body. */
  readonly answer?: string;
  /** The attempt was the breaker's probe: uses up none of the event's attempts. */
  readonly probe: boolean;
}

export type DeadLetterReason = 'age' | 'attempts' | 'permanent' | 'endpoint-deleted';

/** One event to deliver, as read from the log. */
export interface LaneEvent {
  readonly seq: number;
  /** Stable for ever and the same on every attempt: the `webhook-id`. */
  readonly id: string;
  readonly app: number;
  /** Unix ms of the commit. */
  readonly time: number;
  readonly facts: EventFacts;
  /** Only for an endpoint that is told its chain. */
  readonly link?: ChainLink;
  /** It stands for the event, which is not sent: why. Only with a `link`; of `facts` it tells kind, group, number and time. */
  readonly tombstone?: string;
  /** Of a tombstone for all that has been trimmed: it stands for what lies behind this number. */
  readonly trimmedBehind?: number;
  /** The span that sent the message; every attempt is a child of it. Absent when the send was not traced. */
  readonly traceparent?: string;
  /** Set when the event is sent again on request. */
  readonly replayId?: number;
}

/**
 * What stands in a chain for an event that is not sent, so that the events behind it can be checked: the event was given up, or has
 * been trimmed. It has an id of its own, or a replay of the event would be dropped as a copy of it.
 */
export function tombstoneOf(event: LaneEvent, reason: string): LaneEvent {
  return { ...event, id: `${event.id}-skipped`, tombstone: reason };
}

/** Where an event stands on its lane; settled at its commit, the same on every attempt and every replay. */
export interface ChainLink {
  readonly streamId: number;
  /** Log sequence of the event that was meant for this lane before it; 0 for the first. */
  readonly prev: number;
}

export interface LaneRead extends LaneKey {
  readonly after: number;
  readonly maxEvents: number;
  /** The receiver has applied everything up to here: goes on behind it, unless the log does not reach so far. */
  readonly appliedThrough?: number;
}

export interface LaneEvents extends LaneKey {
  readonly events: readonly LaneEvent[];
  /** Everything up to here was looked at: the cursor may move over what did not match. */
  readonly scannedThrough: number;
  /** `appliedThrough` of the read was followed; `false`: it lies beyond the head. Absent in a replay, which comes before. */
  readonly followed?: boolean;
  /** The log has nothing beyond `scannedThrough`. */
  readonly atHead: boolean;
  /** What comes next was written by a newer version, and this one does not know what it is about: nothing from it on is told. */
  readonly unknown?: UnknownEvent;
}

export interface UnknownEvent {
  readonly seq: number;
  readonly kind: string;
}

/**
 * Told after a commit: lanes of this stream have something to do. One for all of its endpoints: a hundred dead ones cost each
 * message a hundred objects otherwise. A hint; losing it costs one poll interval.
 */
export interface StreamHint {
  readonly streamId: number;
  /** Endpoints whose lane was behind already. */
  readonly behind: readonly number[];
  /** Endpoints whose lane got its row by this commit, with this cursor. */
  readonly fresh: readonly number[];
  readonly cursor: number;
  /** The event that the lanes got, so that one that is up to date need not read it. */
  readonly event?: LaneEvent;
  /** Of endpoints that are told their chain: the number before the event on this lane. */
  readonly prev?: Readonly<Record<number, number>>;
  /** Where other processes may work on the lanes: when the commit was begun, on the monotonic clock of this process. */
  readonly begunAt?: number;
}

/** The event of a hint as this endpoint's lane has it. */
export function hintedEvent(
  { streamId, event, prev }: StreamHint,
  endpointId: number,
): LaneEvent | undefined {
  const before = prev?.[endpointId];
  return event === undefined || before === undefined ? event : { ...event, link: { streamId, prev: before } };
}
