import { isDeepStrictEqual } from 'node:util';
import { asksBefore, type Endpoint, type EndpointSettings, wants } from '../../../domain/endpoint.ts';
import { EVENT_KINDS } from '../../../domain/event-kinds.ts';
import type {
  PutEndpoint,
  Refused,
  ResultMap,
  SetEndpointPaused,
  StartReplay,
  SyncEndpoints,
} from '../../commands.ts';
import type { GroupState } from '../groups.ts';
import type { ReplaySpec } from '../replays.ts';
import type { Tables } from '../tables.ts';

export function applyPutEndpoint(tables: Tables, command: PutEndpoint): ResultMap['putEndpoint'] {
  const { app, settings, source, now } = command;
  const existing = tables.endpoints.byName(app, settings.name);
  if (existing === undefined) return { kind: 'done', id: create(tables, app, settings, source, now) };
  if (existing.source === 'config' && source === 'api') {
    return refused(
      'conflict',
      `endpoint "${settings.name}" comes from the configuration file; change it there`,
    );
  }
  tables.endpoints.update(existing.id, settings, source, existing.pauseReason ?? null);
  return { kind: 'done', id: existing.id };
}

/** The endpoints of the file are true; one that vanished from it is paused, never deleted. */
export function applySyncEndpoints(tables: Tables, command: SyncEndpoints): ResultMap['syncEndpoints'] {
  const { app, endpoints, now } = command;
  const created: string[] = [];
  const changed: string[] = [];
  const paused: string[] = [];
  for (const settings of endpoints) {
    const existing = tables.endpoints.byName(app, settings.name);
    if (existing === undefined) {
      create(tables, app, settings, 'config', now);
      created.push(settings.name);
    } else if (isChanged(existing, settings)) {
      const reason = existing.pauseReason === 'operator' ? 'operator' : null;
      tables.endpoints.update(existing.id, settings, 'config', reason);
      changed.push(settings.name);
    }
  }
  const named = new Set(endpoints.map((settings) => settings.name));
  for (const endpoint of tables.endpoints.ofApp(app)) {
    if (endpoint.source !== 'config' || named.has(endpoint.settings.name) || endpoint.paused) continue;
    tables.endpoints.setPaused(endpoint.id, 'not-in-config');
    paused.push(endpoint.settings.name);
  }
  return { kind: 'done', created, changed, paused };
}

function isChanged(existing: Endpoint, settings: EndpointSettings): boolean {
  return (
    existing.source !== 'config' ||
    existing.pauseReason === 'not-in-config' ||
    !isDeepStrictEqual(existing.settings, settings)
  );
}

export function applySetEndpointPaused(
  tables: Tables,
  command: SetEndpointPaused,
): ResultMap['setEndpointPaused'] {
  const endpoint = tables.endpoints.byName(command.app, command.name);
  if (endpoint === undefined) return unknownEndpoint(command.name);
  tables.endpoints.setPaused(endpoint.id, command.paused ? 'operator' : null);
  return { kind: 'done' };
}

export function applyStartReplay(tables: Tables, command: StartReplay): ResultMap['startReplay'] {
  const endpoint = tables.endpoints.byName(command.app, command.endpoint);
  if (endpoint === undefined) return unknownEndpoint(command.endpoint);
  const { groupId, topicId, fromMsgSeq, toMsgSeq, since, until } = command;
  const { settings } = endpoint;
  if (asksBefore(settings)) {
    const why = 'is asked before things happen, not told of them: there is nothing to replay to it';
    return refused('invalid', `endpoint "${settings.name}" ${why}`);
  }
  if (groupId === undefined) {
    if (fromMsgSeq !== undefined || toMsgSeq !== undefined || topicId !== undefined) {
      return refused(
        'invalid',
        'a topic and a range of MsgSeq need a group; name one, or give a range of time',
      );
    }
    const spec: ReplaySpec = {
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
    };
    return {
      kind: 'done',
      jobId: tables.replays.startJob(command.app, endpoint.id, 'replay', spec, command.now),
    };
  }
  const group = tables.groups.get(command.app, groupId);
  if (group === undefined) return refused('not-found', `group "${groupId}" does not exist`);
  if (settings.groups?.includes(groupId) === false)
    return refused(
      'not-found',
      `endpoint "${settings.name}" does not want group "${groupId}": its groups leave it out`,
    );
  const byMsgSeq = fromMsgSeq !== undefined || toMsgSeq !== undefined;
  const places = topicId === undefined ? placesOf(tables, group, !byMsgSeq) : topicOf(tables, group, topicId);
  const name = topicId === undefined ? `group "${groupId}"` : `topic "${topicId}" of "${groupId}"`;
  if (places.length === 0) return refused('not-found', `${name} does not exist`);
  const range = byMsgSeq || since !== undefined || until !== undefined ? ' in that range' : '';
  const started = places.filter((place) => replayPlace(tables, endpoint.id, place, command));
  if (started.length === 0) return refused('not-found', `${name} has nothing to replay${range}`);
  return { kind: 'done', jobId: 0 };
}

/** A group, and its topics: each of them counts its messages by itself, so not where numbers are given. */
function placesOf(tables: Tables, group: GroupState, withTopics: boolean): readonly GroupState[] {
  const { app, groupId, supportTopic } = group.group;
  if (!withTopics || !supportTopic) return [group];
  return [group, ...tables.groups.topicIds(app, groupId).flatMap((id) => tables.groups.topic(app, id) ?? [])];
}

function topicOf(tables: Tables, { group }: GroupState, topicId: string): readonly GroupState[] {
  const topic = tables.groups.topic(group.app, topicId);
  return topic?.group.groupId === group.groupId ? [topic] : [];
}

function replayPlace(
  tables: Tables,
  endpointId: number,
  { group: { streamId }, head }: GroupState,
  { fromMsgSeq, toMsgSeq, since, until, now }: StartReplay,
): boolean {
  const from = Math.max(
    since === undefined ? 1 : tables.log.fromTime(streamId, since, head),
    fromMsgSeq === undefined ? 1 : tables.log.fromMsgSeq(streamId, fromMsgSeq, head),
  );
  const through = Math.min(
    until === undefined ? head : tables.log.fromTime(streamId, until + 1, head) - 1,
    toMsgSeq === undefined ? head : tables.log.toMsgSeq(streamId, toMsgSeq, head),
  );
  return replayRange(tables, endpointId, { streamId, head }, { from, through, forced: false }, now);
}

/**
 * Has a lane send a range again before it goes on. What the lane has not delivered yet is left out, for it comes anyway; a
 * dead letter (`forced`) is settled wherever the cursor stands. False when nothing remains, or the endpoint wants none of it.
 */
export function replayRange(
  tables: Tables,
  endpointId: number,
  stream: { readonly streamId: number; readonly head: number },
  range: { readonly from: number; readonly through: number; readonly forced: boolean },
  now: number,
): boolean {
  const { streamId, head } = stream;
  const lane = tables.lanes.get({ endpointId, streamId });
  const through = range.forced ? range.through : Math.min(range.through, lane?.cursor ?? head);
  if (through < range.from || !(range.forced || wantsOf(tables, endpointId, streamId))) return false;
  tables.replays.add(endpointId, streamId, range.from, through, range.forced);
  const [behind, fresh] = lane === undefined ? [[], [endpointId]] : [[endpointId], []];
  if (lane === undefined) tables.lanes.fallBehind(endpointId, streamId, head, now);
  else if (lane.retries.length === 0) tables.lanes.hasten(endpointId, streamId, now);
  tables.hints.push({ streamId, behind, fresh, cursor: head });
  return true;
}

/** Does the endpoint want anything of this stream now, or did it when it was deleted? */
function wantsOf(tables: Tables, endpointId: number, streamId: number): boolean {
  const settings = tables.endpoints.known(endpointId)?.settings;
  const groupId = tables.groups.identity(streamId)?.groupId;
  return (
    settings !== undefined &&
    groupId !== undefined &&
    EVENT_KINDS.some((kind) => wants(settings, kind, groupId))
  );
}

function create(
  tables: Tables,
  app: number,
  settings: EndpointSettings,
  source: 'config' | 'api',
  now: number,
): number {
  const id = tables.endpoints.insert(app, settings, source, now);
  const { start } = settings;
  if (start.at === 'beginning') tables.replays.startJob(app, id, 'start', {}, now);
  else if (start.at === 'time') tables.replays.startJob(app, id, 'start', { since: start.time }, now);
  else if (start.at === 'sequence') tables.replays.startJob(app, id, 'start', { fromSeq: start.seq }, now);
  if (start.at !== 'now') tables.endpoints.load();
  return id;
}

function unknownEndpoint(name: string): Refused {
  return refused('not-found', `there is no endpoint "${name}" in this app`);
}

function refused(code: Refused['code'], why: string): Refused {
  return { kind: 'refused', code, why };
}
