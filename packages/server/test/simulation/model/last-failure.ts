import type { Request } from '../request.ts';

/** The last attempt at an event in its turn failed. */
export interface LastFailure {
  /** Should it be given up, a tombstone takes its place. */
  readonly leavesTombstone: boolean;
  /** It was the tombstone of events that have been trimmed. */
  readonly isTrimmed: boolean;
}

/** `isEntombed`: the event was given up before. */
export function lastFailure({ endpoint, events }: Request, isEntombed: boolean): LastFailure {
  const [{ tombstone, prev }] = events;
  const { onHeadFailure } = endpoint.settings;
  return {
    leavesTombstone: onHeadFailure === 'skip' && prev !== undefined && !tombstone,
    isTrimmed: tombstone && !isEntombed,
  };
}
