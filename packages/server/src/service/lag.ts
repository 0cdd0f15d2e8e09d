import type { Clock } from '../base/clock.ts';
import { byAge, byEvents, type GroupLag, LAG_PAGE, LAG_WORST } from '../store/lag.ts';
import { LANES_COUNT_LIMIT } from '../store/pipeline-reads.ts';
import type { Store } from '../store/store.ts';

export { LAG_WORST } from '../store/lag.ts';

/** How far an endpoint is behind. */
export interface EndpointLag {
  readonly app: number;
  readonly endpoint: string;
  readonly lanes: number;
  /** Log rows that its lanes have not settled: what it has to get at most. */
  readonly events: number;
  /** Unix ms of the oldest event that it has not got. */
  readonly oldestAt?: number;
  /** Not all of its lanes were looked at: lanes and events are at least these. */
  readonly truncated: boolean;
  readonly oldest: readonly GroupLag[];
  readonly largest: readonly GroupLag[];
}

/** Scrapes and operators that come sooner get what the last survey found. */
const FRESH_MS = 10_000;

/**
 * Surveys how far all endpoints are behind. It asks the store for a page of lanes at a time, by turns for each endpoint, so that
 * sends go on between the pages; after `maxLanes` it ends, and says of whom it has not seen all.
 */
export class LagSurvey {
  readonly #store: Pick<Store, 'endpoints' | 'lag'>;
  readonly #clock: Clock;
  readonly #maxLanes: number;
  #last: Promise<readonly EndpointLag[]> | undefined;
  /** On the monotonic clock; infinite while a survey is under way. */
  #endedAt = 0;

  constructor(store: Pick<Store, 'endpoints' | 'lag'>, clock: Clock, maxLanes = LANES_COUNT_LIMIT) {
    this.#store = store;
    this.#maxLanes = maxLanes;
    this.#clock = clock;
  }

  /** At most 10 s old. Rejects when the store does not answer. */
  lag(): Promise<readonly EndpointLag[]> {
    if (this.#last !== undefined && this.#clock.monotonic() - this.#endedAt < FRESH_MS) return this.#last;
    this.#endedAt = Number.POSITIVE_INFINITY;
    this.#last = this.#survey().then(
      (found) => {
        this.#endedAt = this.#clock.monotonic();
        return found;
      },
      (error) => {
        this.#last = undefined;
        throw error;
      },
    );
    return this.#last;
  }

  async #survey(): Promise<readonly EndpointLag[]> {
    const endpoints = await this.#store.endpoints();
    const found = endpoints.map(({ id, app, settings }) => ({ id, next: 0, lag: none(app, settings.name) }));
    let budget = this.#maxLanes;
    for (let open = [...found]; open.length > 0; open = open.filter(({ next }) => next > 0)) {
      for (const one of open) {
        if (budget < LAG_PAGE) return found.map(({ lag }) => lag);
        const page = await this.#store.lag({ endpointId: one.id, after: one.next });
        budget -= page.lanes;
        one.next = page.next;
        const { lag } = one;
        const oldestAt = earlier(lag.oldestAt, page.oldestAt);
        one.lag = {
          ...lag,
          lanes: lag.lanes + page.lanes,
          events: lag.events + page.events,
          ...(oldestAt === undefined ? {} : { oldestAt }),
          truncated: page.next > 0,
          oldest: [...lag.oldest, ...page.oldest].sort(byAge).slice(0, LAG_WORST),
          largest: [...lag.largest, ...page.largest].sort(byEvents).slice(0, LAG_WORST),
        };
      }
    }
    return found.map(({ lag }) => lag);
  }
}

/** Before the first page: nothing has been seen. */
function none(app: number, endpoint: string): EndpointLag {
  return { app, endpoint, lanes: 0, events: 0, truncated: true, oldest: [], largest: [] };
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
