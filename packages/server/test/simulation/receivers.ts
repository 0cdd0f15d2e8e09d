import type { PositionFault, SendFault } from './plan.ts';
import type { Prng } from './prng.ts';
import { isChained, type Request, type SentEvent } from './request.ts';

/** What a receiver makes of a request. */
export interface Taken {
  /** What it applies, or has already, in order; `after`: it had the lane through this number then. */
  readonly applied: readonly { readonly event: SentEvent; readonly after: number }[];
  /** It has lost what it had of the lane behind `after`. */
  readonly lost?: { readonly after: number; readonly through: number };
  /** What its answer says of where it stands. */
  readonly position?: string;
}

/** What they say who are not asked. */
const UNASKED: Readonly<Partial<Record<SendFault | 'none', string>>> = {
  'part-applied': '1',
  restored: '0',
  wiped: '0',
  ahead: '40',
  'beyond-head': '1000000',
  'garbage-position': 'soon',
} satisfies Record<PositionFault, string>;

const LANES = 4_096;
/** Of the batches, so many are applied in part by who is well. */
const PART_SHARE = 0.2;

/** The receivers behind all endpoints: how far each has come in each lane. */
export class Receivers {
  readonly #random: Prng;
  readonly #headOf: (streamId: number) => number;
  readonly #last = new Map<number, number>();

  constructor(random: Prng, headOf: (streamId: number) => number) {
    this.#random = random;
    this.#headOf = headOf;
  }

  take(request: Request, kind: SendFault | 'none'): Taken {
    const { endpoint, streamId, events, replay } = request;
    const lane = endpoint.id * LANES + streamId;
    const last = this.#last.get(lane) ?? 0;
    if (!isChained(request)) {
      if (!replay) this.#last.set(lane, Math.max(last, request.seq));
      const position = UNASKED[kind];
      const applied = events.map((event) => ({ event, after: event.seq }));
      return position === undefined ? { applied } : { applied, position };
    }
    if (kind === 'restored' || kind === 'wiped') {
      const after = kind === 'wiped' ? 0 : Math.max(0, last - this.#random.between(1, 3));
      this.#last.set(lane, after);
      const kept = events.filter(({ seq }) => seq <= after);
      return { applied: apply(kept, after), lost: { after, through: last }, position: String(after) };
    }
    const isPart =
      kind === 'part-applied' || (kind === 'none' && events.length > 1 && this.#random.chance(PART_SHARE));
    const part = isPart ? Math.floor(events.length / 2) : events.length;
    let through = Math.max(last, events[part - 1]?.seq ?? 0);
    const has = events.filter(({ seq }) => seq <= through);
    const applied = apply(has, last);
    if (kind === 'ahead') {
      const head = this.#headOf(streamId);
      if (head > through) through = this.#random.between(through + 1, head);
    }
    this.#last.set(lane, through);
    const position = this.#positionOf(isPart ? 'part-applied' : kind, through);
    return position === undefined ? { applied } : { applied, position };
  }

  #positionOf(kind: SendFault | 'none', through: number): string | undefined {
    if (kind === 'beyond-head' || kind === 'garbage-position') return UNASKED[kind];
    const isSaid = kind === 'part-applied' || kind === 'ahead' || this.#random.chance(0.3);
    return isSaid ? String(through) : undefined;
  }
}

function apply(events: readonly SentEvent[], last: number): Taken['applied'] {
  let after = last;
  return events.map((event) => {
    const applied = { event, after };
    after = Math.max(after, event.seq);
    return applied;
  });
}
