import { isPosition, type LaneLink } from '@confab-im/protocol';

/**
 * What has been handled of one chain: one endpoint's lane of one stream. Everything through `last` was, except what lies in the
 * holes. Plain JSON, to be stored as it is.
 */
export interface ChainState {
  readonly last: number;
  /** In rising order, at most 64. */
  readonly holes: readonly Hole[];
}

/** Sequences above `after` and up to `through` have not come; `through` at least exists. */
export interface Hole {
  readonly after: number;
  readonly through: number;
}

/**
 * What the place of an event says, against what was handled before it:
 *
 * - `next`: it follows what was handled
 * - `gap`: the sender has sent others before it on this lane that have not come
 * - `joined`: the same, and nothing of this chain is known here: a new receiver, or a store that forgot
 * - `reorder`: it was missing, and comes after later ones
 * - `repeat`: it was handled before
 * - `replay`: it was sent again on request, outside the order
 */
export type ChainVerdict =
  | { readonly kind: 'next' | 'reorder' | 'repeat' | 'replay' }
  | { readonly kind: 'gap' | 'joined'; readonly missing: Hole };

/** What an event says of its place. */
export type Link = Pick<LaneLink, 'seq' | 'prev' | 'replay'>;

/** Names a chain: an endpoint's lane of one stream, for ever. */
export function chainKey({ endpoint, stream }: Pick<LaneLink, 'endpoint' | 'stream'>): string {
  return `${endpoint}/${stream}`;
}

/**
 * Of more holes than this the first two become one. A joined hole covers events that were handled: when one of them comes again, it is
 * judged `reorder` and not `repeat`, never the other way about.
 */
const MAX_HOLES = 64;

const EMPTY: ChainState = { last: 0, holes: [] };

export function judgeLink(state: ChainState | undefined, { seq, prev, replay }: Link): ChainVerdict {
  if (replay) return { kind: 'replay' };
  const { last, holes } = state ?? EMPTY;
  if (seq <= last) return { kind: holes.some((hole) => isIn(hole, seq)) ? 'reorder' : 'repeat' };
  if (prev <= last) return { kind: 'next' };
  return { kind: state === undefined ? 'joined' : 'gap', missing: { after: last, through: prev } };
}

/** The state once the event has been handled. A replay fills a hole, and never runs ahead of the lane. */
export function followLink(state: ChainState | undefined, { seq, prev, replay }: Link): ChainState {
  const { last, holes } = state ?? EMPTY;
  if (seq <= last) {
    return {
      last,
      holes: bounded(holes.flatMap((hole) => (isIn(hole, seq) ? rest(hole, seq, prev) : hole))),
    };
  }
  if (replay) return { last, holes };
  return { last: seq, holes: prev > last ? bounded([...holes, { after: last, through: prev }]) : holes };
}

/** The state of a receiver that says where it stands. Throws a `RangeError` when that is no log sequence. */
export function chainAt(appliedThrough: number): ChainState {
  if (isPosition(appliedThrough)) return { last: appliedThrough, holes: [] };
  throw new RangeError('appliedThrough must be the log sequence applied through, a whole number from 0.');
}

function isIn(hole: Hole, seq: number): boolean {
  return seq > hole.after && seq <= hole.through;
}

/** What is left of a hole: up to the event before, and behind the event itself. */
function rest({ after, through }: Hole, seq: number, prev: number): Hole[] {
  return [
    ...(prev > after ? [{ after, through: prev }] : []),
    ...(seq < through ? [{ after: seq, through }] : []),
  ];
}

function bounded(holes: readonly Hole[]): readonly Hole[] {
  const [first, second, ...others] = holes;
  if (first === undefined || second === undefined || holes.length <= MAX_HOLES) return holes;
  return [{ after: first.after, through: second.through }, ...others];
}

/** Remembers chains. One that lives in the database of the effects is restored with them, and so knows what a backup lacks. */
export interface ChainStore {
  /** Undefined when nothing is known of the chain. */
  read(key: string): ChainState | undefined | Promise<ChainState | undefined>;
  /** Puts what `change` makes of the state in its place; nothing else may change it in between. */
  update(key: string, change: (state: ChainState | undefined) => ChainState): void | Promise<void>;
}

/**
 * A store in memory that knows `maxChains` chains (default 100,000, about 20 MB) and forgets the one longest unused. Empty after
 * a restart: the first event of each lane is then judged `joined`.
 */
export function memoryChains({ maxChains = 100_000 }: { readonly maxChains?: number } = {}): ChainStore {
  const states = new Map<string, ChainState>();
  return {
    read: (key) => states.get(key),
    update(key, change) {
      const state = change(states.get(key));
      states.delete(key);
      states.set(key, state);
      if (states.size <= maxChains) return;
      const [oldest] = states.keys();
      if (oldest !== undefined) states.delete(oldest);
    },
  };
}
