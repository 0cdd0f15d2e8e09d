import type { GroupChangeKind } from '@confab-im/protocol';
import { type EndpointSettings, keepsChain, wants } from '../../domain/endpoint.ts';
import { type AfterKind, afterKindOf, EVENT_KINDS, isKnownInLog } from '../../domain/event-kinds.ts';
import {
  type ChainLink,
  type LaneEvent,
  type LaneEvents,
  type LaneRead,
  tombstoneOf,
  type UnknownEvent,
} from '../lanes.ts';
import { readLink } from './chains.ts';
import type { GroupIdentity } from './groups.ts';
import { LOG_PAGE, type LogRow, type MessageContent, type MessageExtra, type Origin } from './log.ts';
import { changeEvent, messageEvent } from './message-event.ts';
import type { ReplayRow } from './replays.ts';
import type { Tables } from './tables.ts';

/** Log rows that one read looks at, and bytes of bodies it brings into memory: both bound what a backlog costs. */
const SCAN_ROWS = 512;
const READ_BYTES = 256 * 1024;

const SENT = 'group.message.sent';

/** Reads what a lane has to deliver next: a replay first, if one is asked for, then the log from the cursor on. */
export class LaneReader {
  readonly #tables: Tables;
  readonly #installId: string;

  constructor(tables: Tables, installId: string) {
    this.#tables = tables;
    this.#installId = installId;
  }

  read({ endpointId, streamId, after, maxEvents, appliedThrough }: LaneRead): LaneEvents {
    const group = this.#tables.groups.identity(streamId);
    if (group === undefined) return { endpointId, streamId, events: [], scannedThrough: after, atHead: true };
    const replay = this.#tables.replays.next(endpointId, streamId);
    const replayed = replay === undefined ? undefined : this.#readReplay(replay, group, maxEvents);
    if (replayed !== undefined)
      return { endpointId, streamId, ...replayed, scannedThrough: after, atHead: false };
    if (appliedThrough === undefined)
      return { endpointId, streamId, ...this.#readLog(group, endpointId, after, maxEvents) };
    const followed = appliedThrough <= this.#tables.groups.headOf(streamId);
    const from = followed ? Math.max(after, appliedThrough) : after;
    return { endpointId, streamId, followed, ...this.#readLog(group, endpointId, from, maxEvents) };
  }

  #readLog(
    group: GroupIdentity,
    endpointId: number,
    after: number,
    maxEvents: number,
  ): Omit<LaneEvents, 'endpointId' | 'streamId' | 'followed'> {
    const events: LaneEvent[] = [];
    let scannedThrough = after;
    let last = after;
    let bytes = 0;
    for (let scanned = 0; scanned < SCAN_ROWS; scanned += LOG_PAGE) {
      const rows = this.#tables.log.range(group.streamId, scannedThrough, Number.MAX_SAFE_INTEGER);
      for (const row of rows) {
        if (this.#tables.endpoints.audienceHas(row.audience, endpointId)) {
          if (events.length >= maxEvents || bytes >= READ_BYTES)
            return { events, scannedThrough, atHead: false };
          if (!isKnownInLog(row.kind))
            return { events, scannedThrough, atHead: false, unknown: unknownEvent(row) };
          const event = this.#event(row, group, endpointId);
          if (event.link !== undefined && event.link.prev > last)
            events.push(trimmedBefore(event, event.link, last));
          events.push(event);
          last = row.log_seq;
          bytes += row.body?.length ?? row.payload?.length ?? 0;
        }
        scannedThrough = row.log_seq;
      }
      if (rows.length < LOG_PAGE) return { events, scannedThrough, atHead: true };
    }
    return { events, scannedThrough, atHead: false };
  }

  /** Undefined when the replay has nothing left to send; it is then settled. */
  #readReplay(
    replay: ReplayRow,
    group: GroupIdentity,
    maxEvents: number,
  ): Pick<LaneEvents, 'events' | 'unknown'> | undefined {
    const endpoint = this.#tables.endpoints.get(replay.endpoint_id);
    if (endpoint === undefined) return undefined;
    const forced = replay.forced === 1;
    const events: LaneEvent[] = [];
    let after = replay.next_seq - 1;
    let rows: number;
    do {
      rows = 0;
      if (!forced && !wantsAny(endpoint.settings, group.groupId)) break;
      for (const row of this.#tables.log.range(replay.stream_id, after, replay.through_seq)) {
        if (!isKnownInLog(row.kind)) return { events, unknown: unknownEvent(row) };
        rows += 1;
        after = row.log_seq;
        if (!isReplayed(row, forced ? undefined : endpoint.settings, group.groupId)) continue;
        events.push({ ...this.#event(row, group, endpoint.id), replayId: replay.id });
        if (events.length >= maxEvents) return { events };
      }
    } while (rows === LOG_PAGE && events.length === 0);
    if (events.length > 0) return { events };
    this.#tables.replays.settle(replay, replay.through_seq);
    return undefined;
  }

  #event(row: LogRow, group: GroupIdentity, endpointId: number): LaneEvent {
    const event = row.kind === SENT ? this.#message(row, group) : this.#change(row, group);
    const link = this.#link(row, group.streamId, endpointId);
    return link === undefined ? event : { ...event, link };
  }

  #message(row: LogRow, group: GroupIdentity): LaneEvent {
    const content = row.payload === null ? contentOf(row) : (JSON.parse(row.payload) as MessageContent);
    const place = { logSeq: row.log_seq, msgSeq: row.msg_seq ?? 0, time: row.time };
    return messageEvent(this.#installId, group, place, content, JSON.parse(row.origin ?? '[]') as Origin);
  }

  #change(row: LogRow, group: GroupIdentity): LaneEvent {
    const origin = row.origin === null ? undefined : (JSON.parse(row.origin) as Origin);
    const place = { logSeq: row.log_seq, time: row.time };
    return changeEvent(this.#installId, group, place, row.kind as GroupChangeKind, payloadOf(row), origin);
  }

  /**
   * What was kept at the commit. Nothing was for what was committed while the endpoint spoke another dialect, which begins a chain (0),
   * and for what was never meant for it (a replay of the time before it): then its number less one, which leaves nothing out.
   */
  #link(
    { log_seq: seq, links, audience }: LogRow,
    streamId: number,
    endpointId: number,
  ): ChainLink | undefined {
    const { endpoints } = this.#tables;
    const settings = endpoints.get(endpointId)?.settings;
    if (settings === undefined || !keepsChain(settings)) return undefined;
    const unknown = endpoints.audienceHas(audience, endpointId) ? 0 : seq - 1;
    return { streamId, prev: readLink(links, endpointId) ?? unknown };
  }
}

/**
 * A lane that its receiver has set back finds a gap where events have been trimmed. One tombstone stands for all of them, from where the
 * receiver stands to the last of them, or it could never be told that they will not come.
 */
function trimmedBefore(event: LaneEvent, { streamId, prev }: ChainLink, last: number): LaneEvent {
  const id = `${event.id.slice(0, event.id.lastIndexOf('-'))}-${prev}`;
  const gone = { ...event, id, seq: prev, link: { streamId, prev: last }, trimmedBehind: last };
  return tombstoneOf(gone, 'events up to here have been trimmed: the log no longer has them');
}

function unknownEvent({ log_seq: seq, kind }: LogRow): UnknownEvent {
  return { seq, kind };
}

function contentOf(row: LogRow): MessageContent {
  return {
    sender: row.sender ?? '',
    operator: row.operator ?? '',
    random: row.random ?? 0,
    priority: row.priority ?? 'Normal',
    body: row.body ?? '[]',
    cloudCustomData: row.cloud_custom_data,
    extra: extraOf(row),
  };
}

function extraOf(row: LogRow): MessageExtra | null {
  if (row.payload !== null) return (JSON.parse(row.payload) as MessageContent).extra;
  return row.extra === null ? null : (JSON.parse(row.extra) as MessageExtra);
}

/**
 * Does a replay send it to an endpoint with these settings: of a kind that it asks for, and not kept from webhooks by its sender?
 * Without settings: a dead letter, which was meant for its endpoint when it was committed.
 */
export function isReplayed(row: LogRow, settings: EndpointSettings | undefined, groupId: string): boolean {
  if (settings === undefined) return true;
  const kind = askedAs(row);
  return kind !== undefined && wants(settings, kind, groupId);
}

function askedAs(row: LogRow): AfterKind | undefined {
  if (row.kind !== SENT) return afterKindOf(row.kind, payloadOf(row));
  return extraOf(row)?.forbidAfterWebhook === true ? undefined : SENT;
}

function payloadOf({ payload }: LogRow): object {
  return JSON.parse(payload ?? '{}') as object;
}

function wantsAny(settings: EndpointSettings, groupId: string): boolean {
  return EVENT_KINDS.some((kind) => wants(settings, kind, groupId));
}
