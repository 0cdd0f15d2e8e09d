import { type EndpointSettings, keepsChain } from '../../../src/domain/endpoint.ts';
import type { Command } from '../../../src/store/commands.ts';
import type { LaneKey } from '../../../src/store/lanes.ts';
import { Deletions } from './deletions.ts';
import { LaneWatch } from './lane-watch.ts';
import { ReplayWatch } from './replay-watch.ts';
import type { Tables } from './tables.ts';

interface EndpointState {
  readonly id: number;
  settings: EndpointSettings;
  paused: boolean;
}

const STREAM_RADIX = 4_096;

/** The endpoints that there are, and their lanes with all that was meant for them, by what was committed. */
export class Books {
  readonly deletions: Deletions;
  readonly #tables: Tables;
  readonly #endpoints = new Map<number, EndpointState>();
  readonly #lanes = new Map<number, LaneWatch>();

  constructor(tables: Tables) {
    this.#tables = tables;
    this.deletions = new Deletions(tables);
  }

  get paused(): { readonly id: number; readonly name: string }[] {
    const paused = [...this.#endpoints.values()].filter((endpoint) => endpoint.paused);
    return paused.map(({ id, settings }) => ({ id, name: settings.name }));
  }

  /** Nothing may be sent to it. */
  isHalted(endpointId: number): boolean {
    return this.deletions.has(endpointId) || this.#endpoints.get(endpointId)?.paused === true;
  }

  /** Undefined once it was deleted. */
  settingsOf(endpointId: number): EndpointSettings | undefined {
    return this.#endpoints.get(endpointId)?.settings;
  }

  lane({ endpointId, streamId }: LaneKey): LaneWatch {
    const key = endpointId * STREAM_RADIX + streamId;
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      const name = this.settingsOf(endpointId)?.name ?? `#${endpointId}`;
      const isInLog = (seq: number) => this.#tables.hasEvent(streamId, seq);
      lane = new LaneWatch(`endpoint "${name}", group g${streamId}`, isInLog);
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  *lanes(): Iterable<LaneKey & { readonly lane: LaneWatch }> {
    for (const [key, lane] of this.#lanes)
      yield { endpointId: Math.floor(key / STREAM_RADIX), streamId: key % STREAM_RADIX, lane };
  }

  /** Those whose endpoints were not deleted. */
  *lanesInUse(): Iterable<LaneWatch> {
    for (const { endpointId, lane } of this.lanes()) if (!this.deletions.has(endpointId)) yield lane;
  }

  appended(groupId: string, streamId: number, seq: number): void {
    for (const { id: endpointId, settings } of this.#endpoints.values()) {
      if (settings.groups?.includes(groupId) ?? true)
        this.lane({ endpointId, streamId }).committed(seq, keepsChain(settings));
    }
  }

  put(id: number, settings: EndpointSettings): void {
    const state = this.#endpoints.get(id);
    if (state === undefined) this.#endpoints.set(id, { id, settings, paused: false });
    else state.settings = settings;
    for (const { endpointId, streamId, lane } of this.lanes()) {
      if (endpointId !== id) continue;
      if (!keepsChain(settings)) lane.leftChain();
      const isUnwanted = settings.groups !== undefined && !settings.groups.includes(`g${streamId}`);
      for (const replay of lane.replays) if (isUnwanted && !replay.range.forced) replay.void();
    }
  }

  /** Its id; undefined when there is none of that name. */
  pause(name: string, paused: boolean): number | undefined {
    const state = this.#byName(name);
    if (state !== undefined) state.paused = paused;
    return state?.id;
  }

  /** It is sent nothing more, and what it was to be sent again need not be. */
  deleted(name: string): void {
    const state = this.#byName(name);
    if (state === undefined) return;
    this.#endpoints.delete(state.id);
    this.deletions.add(state.id, name, (streamId, cursor) => {
      const { events } = this.lane({ endpointId: state.id, streamId });
      return events.find(({ seq }) => seq > cursor && this.#tables.hasEvent(streamId, seq))?.seq;
    });
    for (const { endpointId, lane } of this.lanes())
      if (endpointId === state.id) for (const replay of lane.replays) replay.void();
  }

  /** The replays that there are, if these may make others. */
  replaysBefore(commands: readonly Command[]): ReadonlySet<number> | undefined {
    const [first] = commands;
    const makesReplays =
      first?.type === 'startReplay' ||
      first?.type === 'replayDeadLetter' ||
      (first?.type === 'continueJobs' && this.#tables.hasOpenJob());
    return makesReplays ? new Set(this.#tables.replays().map(({ id }) => id)) : undefined;
  }

  /** A commit made replays beside these. */
  replaysMade(before: ReadonlySet<number>): void {
    for (const range of this.#tables.replays()) {
      if (before.has(range.id)) continue;
      this.lane(range).replays.push(new ReplayWatch(range, this.#tables.replayable(range)));
    }
  }

  #byName(name: string): EndpointState | undefined {
    return [...this.#endpoints.values()].find(({ settings }) => settings.name === name);
  }
}
