/** One page of an endpoint's lanes, in the order of their streams. */
export interface LagQuery {
  readonly endpointId: number;
  /** Lanes of later streams; 0 from the first. */
  readonly after: number;
}

/** How far one group, or one topic of it, is behind at one endpoint. */
export interface GroupLag {
  readonly groupId: string;
  readonly topicId?: string;
  /** Log rows that the lane has not settled: what it has to deliver at most, since tips and the like count among them. */
  readonly events: number;
  /** Unix ms of the oldest of them; absent when the lane has only a replay to send. */
  readonly oldestAt?: number;
}

/** Whose log a stream is. */
export type StreamName = Pick<GroupLag, 'groupId' | 'topicId'>;

type Behind = Omit<GroupLag, keyof StreamName>;

export interface LagPage {
  readonly lanes: number;
  readonly events: number;
  readonly oldestAt?: number;
  /** The groups that are furthest behind: in time, and in events. At most `LAG_WORST` of each. */
  readonly oldest: readonly GroupLag[];
  readonly largest: readonly GroupLag[];
  /** Where the next page begins; 0 = this was the last. */
  readonly next: number;
}

/** Lanes of a page: what one read keeps the store from sends, about 3 ms. */
export const LAG_PAGE = 1_000;

/** Groups that are named, of an endpoint's many. */
export const LAG_WORST = 50;

/** Further behind in time: the oldest event first; a lane that has only a replay comes last. */
export function byAge(a: Behind, b: Behind): number {
  return (a.oldestAt ?? Number.MAX_SAFE_INTEGER) - (b.oldestAt ?? Number.MAX_SAFE_INTEGER);
}

/** Further behind in events. */
export function byEvents(a: Behind, b: Behind): number {
  return b.events - a.events;
}
