import { type Endpoint, keepsChain, longestWaitMs } from '../domain/endpoint.ts';
import {
  hintedEvent,
  type LaneEvent,
  type LaneEvents,
  type LaneRow,
  type StreamHint,
} from '../store/lanes.ts';
import type { DueLanes, DueLanesQuery } from '../store/store.ts';
import { chooseProbe } from './endpoint-breaker.ts';
import type { EventReader } from './event-reader.ts';
import type { Holdings } from './holdings.ts';
import type { Lane, Pick as LanePick } from './lane.ts';
import type { LaneWindow } from './lane-window.ts';
import { readTrouble } from './read-trouble.ts';

export interface SourceDeps {
  readonly holdings: Holdings;
  readonly reader: EventReader;
  dueNow(): number;
  dueLanes(query: DueLanesQuery): Promise<DueLanes>;
}

/** Events read ahead per lane. */
const READ_AHEAD = 32;
/** So many of the lanes that are due first are looked at for one to probe with. */
const PROBE_CHOICE = 32;
const FAR_FUTURE = Number.MAX_SAFE_INTEGER;

/** Where the lanes of one endpoint and the events in them come from: the store, and the hints of its commits. */
export class LaneSource {
  readonly #endpoint: Endpoint;
  readonly #deps: SourceDeps;
  readonly #longestWaitMs: number;
  readonly #readAhead: number;

  constructor(endpoint: Endpoint, deps: SourceDeps) {
    this.#endpoint = endpoint;
    this.#deps = deps;
    this.#longestWaitMs = longestWaitMs(endpoint.settings);
    this.#readAhead = Math.max(READ_AHEAD, endpoint.settings.batch?.maxEvents ?? 1);
  }

  due(limit: number): Promise<DueLanes> {
    return this.#dueLanes({ now: this.#deps.dueNow(), limit, longestWaitMs: this.#longestWaitMs });
  }

  /** What a lane has to do next. A wait longer than any retry's is none: the clock was set back since its due time was written down. */
  pick(lane: Lane, now: number): LanePick {
    const pick = lane.pick(now);
    const isBeyond = pick.kind === 'wait' && pick.until - now > this.#longestWaitMs;
    return isBeyond ? lane.pick(FAR_FUTURE) : pick;
  }

  /** A lane for a probe, due or not: one of ours that is not in memory already. */
  async toProbe(inMemory: LaneWindow): Promise<LaneRow | undefined> {
    const { lanes } = await this.#dueLanes({ now: FAR_FUTURE, limit: inMemory.size + PROBE_CHOICE });
    const { holdings } = this.#deps;
    return chooseProbe(lanes.filter(({ streamId }) => holdings.owns(streamId) && !inMemory.has(streamId)));
  }

  /**
   * What follows in a lane. A probe sends one event: those behind it would be read for nothing while the receiver is dead. Rejects as the
   * store does, and with why nothing can be made of what it read.
   */
  async events(
    { endpointId, streamId }: Lane,
    { after, told }: Extract<LanePick, { kind: 'read' }>,
    isProbe: boolean,
  ): Promise<LaneEvents> {
    const applied = told === undefined ? {} : { appliedThrough: told.through };
    const maxEvents = isProbe ? 1 : this.#readAhead;
    const asked = { endpointId, streamId, after, maxEvents, ...applied };
    const read = await this.#deps.reader.read(this.#endpoint.app, asked);
    const trouble = readTrouble(read, keepsChain(this.#endpoint.settings));
    if (trouble !== undefined) throw new Error(trouble);
    return read;
  }

  /** The event that a hint brought for this endpoint, if it can be sent as it is. */
  hinted(hint: StreamHint): LaneEvent | undefined {
    const event = hintedEvent(hint, this.#endpoint.id);
    // The store knows of a change of dialect before the dispatcher does: without its place in the chain an event waits for that.
    return event?.link !== undefined || !keepsChain(this.#endpoint.settings) ? event : undefined;
  }

  #dueLanes(query: Omit<DueLanesQuery, 'endpointId' | 'partitions'>): Promise<DueLanes> {
    const { partitions } = this.#deps.holdings;
    const where = partitions === undefined ? {} : { partitions };
    return this.#deps.dueLanes({ endpointId: this.#endpoint.id, ...query, ...where });
  }
}
