import { acknowledged } from '@confab-im/protocol';
import type { EndpointSettings } from '../domain/endpoint.ts';
import type { LaneEvent } from '../store/lanes.ts';

/**
 * What the position in a 2xx answer asks of the lane:
 *
 * - `stay`: nothing but what a 2xx without one says: the event is delivered
 * - `part`: of a batch, only what stands through `through` is delivered
 * - `again`: the event is not applied, all before it is
 * - `back`: nor are others before it; the lane is to read again from behind `through`
 * - `forward`: events behind it are applied already, up to `through`
 */
export type Move =
  | { readonly kind: 'stay' }
  | { readonly kind: 'part'; readonly through: number }
  | { readonly kind: 'again'; readonly through: number }
  | { readonly kind: 'back'; readonly through: number }
  | { readonly kind: 'forward'; readonly through: number };

const STAY: Move = { kind: 'stay' };

/**
 * The move that an answer to this event asks for, or to a batch of it and those behind it through `last`. A replay stands outside the
 * order of its lane and cannot move it; without an order there is no "through".
 */
export function moveOf(
  { order }: Pick<EndpointSettings, 'order'>,
  { seq, link, replayId }: LaneEvent,
  appliedThrough: number | undefined,
  last: number = seq,
): Move {
  if (appliedThrough === undefined || link === undefined) return STAY;
  if (order === 'none' || replayId !== undefined) return STAY;
  const said = acknowledged({ kind: 'ok', appliedThrough }, { first: seq, last });
  if (said.kind === 'all' || said.kind === 'none') return STAY;
  const { through } = said;
  if (said.kind === 'part') return { kind: 'part', through };
  if (through > last) return { kind: 'forward', through };
  return through < link.prev ? { kind: 'back', through } : { kind: 'again', through };
}

/** A lane is set back at most so often, and by one event so many times: what a receiver can have sent again by a lie. */
const SET_BACK_EVERY_MS = 60_000;
const SET_BACKS_PER_EVENT = 3;
/** Lanes remembered; of more the one that has been silent longest is forgotten. */
const LANES_REMEMBERED = 10_000;

interface SetBack {
  /** Monotonic ms. */
  readonly at: number;
  /** The event that asked, and how often it did. */
  readonly seq: number;
  readonly times: number;
  /** The lane goes back no further: this one was given up over its position, and would be again. */
  readonly floor: number;
}

const NEVER: SetBack = { at: Number.NEGATIVE_INFINITY, seq: 0, times: 0, floor: 0 };

/** How the lanes of an endpoint were set back. Kept in memory: a restart forgives everybody. */
export class SetBacks {
  readonly #lanes = new Map<number, SetBack>();

  /**
   * Where the lane goes back to, on account of an event that follows `prev`, when its receiver stands at `through`; undefined when
   * it has to stay. `now` is monotonic ms.
   */
  take(
    streamId: number,
    asked: { seq: number; prev: number; through: number },
    now: number,
  ): number | undefined {
    const last = this.#lanes.get(streamId) ?? NEVER;
    const { seq, prev } = asked;
    const through = Math.max(asked.through, last.floor);
    const times = last.seq === seq ? last.times : 0;
    if (through >= prev || times >= SET_BACKS_PER_EVENT || now - last.at < SET_BACK_EVERY_MS)
      return undefined;
    this.#remember(streamId, { at: now, seq, times: times + 1, floor: last.floor });
    return through;
  }

  /** An event was given up because its receiver stood before it. */
  gaveUp(streamId: number, seq: number): void {
    const last = this.#lanes.get(streamId) ?? NEVER;
    this.#remember(streamId, { ...last, floor: Math.max(last.floor, seq) });
  }

  #remember(streamId: number, state: SetBack): void {
    this.#lanes.delete(streamId);
    this.#lanes.set(streamId, state);
    const [oldest] = this.#lanes.keys();
    if (this.#lanes.size > LANES_REMEMBERED && oldest !== undefined) this.#lanes.delete(oldest);
  }
}
