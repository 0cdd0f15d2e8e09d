import {
  OPENIM_AFTER_SEND_GROUP,
  OPENIM_BEFORE_CHANGES,
  OPENIM_BEFORE_MODIFY,
  OPENIM_BEFORE_SEND_GROUP,
  OPENIM_CHANGES,
  TENCENT_AFTER_SEND,
  TENCENT_BEFORE_CHANGES,
  TENCENT_BEFORE_SEND,
  tencentCommand,
} from '@confab-im/protocol';
import type { EndpointSettings } from '../endpoint.ts';
import { BEFORE_KINDS, EVENT_KINDS, type EventKind } from '../event-kinds.ts';
import { nearest } from './nearest.ts';
import { Unfit } from './problem.ts';
import { isWireCommand } from './wire-commands.ts';

type Dialect = EndpointSettings['dialect'];

const JOINED = ['group.members.joined.apply', 'group.members.joined.invited'] as const;
const LEFT = ['group.members.left.kicked', 'group.members.left.quit'] as const;
const BEFORE_CREATE = ['group.before-create', 'group.topic.before-create'] as const;

/**
 * The commands of each dialect, and what each of them switches on. Any name may be written for any dialect that knows the event.
 * Tencent has one switch for a group's webhook and the topic's (tencent-webhooks A.8).
 */
export const COMMANDS: Readonly<Record<Dialect, Readonly<Record<string, readonly EventKind[]>>>> = {
  tencent: {
    [TENCENT_AFTER_SEND]: ['group.message.sent'],
    [tencentCommand('group.message.exception')]: ['group.message.exception'],
    [tencentCommand('group.message.recalled')]: ['group.message.recalled'],
    [tencentCommand('group.message.receipts')]: ['group.message.receipts'],
    [tencentCommand('group.created')]: ['group.created', 'group.topic.created'],
    [tencentCommand('group.topic.created')]: ['group.created', 'group.topic.created'],
    [tencentCommand('group.members.joined')]: JOINED,
    [tencentCommand('group.members.left')]: LEFT,
    [tencentCommand('group.full')]: ['group.full'],
    [tencentCommand('group.destroyed')]: ['group.destroyed', 'group.topics.destroyed'],
    [tencentCommand('group.topics.destroyed')]: ['group.destroyed', 'group.topics.destroyed'],
    [tencentCommand('group.info.changed')]: ['group.info.changed', 'group.topic.changed'],
    [tencentCommand('group.topic.changed')]: ['group.info.changed', 'group.topic.changed'],
    [tencentCommand('group.members.presence')]: ['group.members.presence'],
    [tencentCommand('group.member.changed')]: ['group.member.changed'],
    [tencentCommand('group.attributes.changed')]: ['group.attributes.changed'],
    [tencentCommand('group.owner.changed')]: ['group.owner.changed'],
    [TENCENT_BEFORE_SEND]: ['group.message.before-send'],
    [TENCENT_BEFORE_CHANGES['group.before-create']]: BEFORE_CREATE,
    [TENCENT_BEFORE_CHANGES['group.topic.before-create']]: BEFORE_CREATE,
    [TENCENT_BEFORE_CHANGES['group.before-apply']]: ['group.before-apply'],
    [TENCENT_BEFORE_CHANGES['group.before-invite']]: ['group.before-invite'],
  },
  openim: {
    [OPENIM_AFTER_SEND_GROUP]: ['group.message.sent'],
    [OPENIM_CHANGES.revoked]: ['group.message.recalled'],
    [OPENIM_CHANGES.created]: ['group.created'],
    [OPENIM_CHANGES.joined]: ['group.members.joined.apply'],
    [OPENIM_CHANGES.kicked]: ['group.members.left.kicked'],
    [OPENIM_CHANGES.quit]: ['group.members.left.quit'],
    [OPENIM_CHANGES.dismissed]: ['group.destroyed'],
    [OPENIM_CHANGES.infoSet]: ['group.info.changed'],
    [OPENIM_CHANGES.memberInfoSet]: ['group.member.changed'],
    [OPENIM_CHANGES.ownerTransferred]: ['group.owner.changed'],
    [OPENIM_BEFORE_SEND_GROUP]: ['group.message.before-send'],
    [OPENIM_BEFORE_MODIFY]: ['group.message.before-modify'],
    [OPENIM_BEFORE_CHANGES.created]: ['group.before-create'],
    [OPENIM_BEFORE_CHANGES.applied]: ['group.before-apply'],
    [OPENIM_BEFORE_CHANGES.invited]: ['group.before-invite'],
  },
  standard: {
    'group.members.joined': JOINED,
    'group.members.left': LEFT,
    ...Object.fromEntries(EVENT_KINDS.map((kind) => [kind, [kind]])),
  },
};

const ALL_KINDS: readonly EventKind[] = [...EVENT_KINDS, ...BEFORE_KINDS];

const KINDS_OF: ReadonlyMap<string, readonly EventKind[]> = new Map(
  Object.values(COMMANDS).flatMap((commands) => Object.entries(commands)),
);

const ALL = 'all';

export const EVENTS_EXPECTS = `"${ALL}" or a list of webhook commands, such as ${TENCENT_AFTER_SEND}, ${OPENIM_AFTER_SEND_GROUP} or group.message.sent`;

/**
 * The switches of an endpoint: commands of any dialect, or `all` for everything that happened. To be asked before it happens
 * is never meant by `all`: a receiver that only looks on would hold up every message. Throws `Unfit`.
 */
export function parseEvents(written: string | readonly string[]): readonly EventKind[] {
  const names = typeof written === 'string' ? [written] : written;
  const kinds = new Set(names.flatMap((name) => (name === ALL ? EVENT_KINDS : kindsOf(name))));
  return ALL_KINDS.filter((kind) => kinds.has(kind));
}

function kindsOf(name: string): readonly EventKind[] {
  const kinds = KINDS_OF.get(name);
  if (kinds !== undefined) return kinds;
  const shown = JSON.stringify(name.slice(0, 80));
  if (isWireCommand(name)) {
    throw new Unfit(`has ${shown}, which this version does not send; docs/webhooks.md lists what it sends`);
  }
  const meant = nearest(name, [...KINDS_OF.keys(), ALL]);
  const hint = meant === undefined ? `write ${EVENTS_EXPECTS}` : `did you mean ${meant}?`;
  throw new Unfit(`has ${shown}, which is no webhook command; ${hint}`);
}

/** Of these, what the dialect has a form for: of `all` the rest is left out, and of a switch shared with what it does not know. */
export function eventsKnownTo(dialect: Dialect, kinds: readonly EventKind[]): readonly EventKind[] {
  const known = new Set(Object.values(COMMANDS[dialect]).flat());
  return kinds.filter((kind) => known.has(kind));
}

/** The events as `parseEvents` reads them back: commands of the endpoint's own dialect, and others where none says just this. */
export function showEvents(kinds: readonly EventKind[], dialect: Dialect): readonly string[] {
  const left = new Set(kinds);
  const shown: string[] = [];
  for (const commands of [COMMANDS[dialect], ...Object.values(COMMANDS)]) {
    for (const [command, named] of Object.entries(commands)) {
      if (!named.every((kind) => kinds.includes(kind)) || !named.some((kind) => left.has(kind))) continue;
      shown.push(command);
      for (const kind of named) left.delete(kind);
    }
  }
  return shown;
}

/** A command for each of these that the dialect has no form for, unless they came with others: with `all`, or a shared switch. */
export function eventsUnknownTo(dialect: Dialect, kinds: readonly EventKind[]): readonly string[] {
  const known = new Set(eventsKnownTo(dialect, kinds));
  const all = EVENT_KINDS.every((kind) => kinds.includes(kind));
  const named = all ? kinds.filter((kind) => BEFORE_KINDS.some((before) => before === kind)) : kinds;
  return named.flatMap((kind) => (known.has(kind) || cameWith(kind, kinds, known) ? [] : [commandOf(kind)]));
}

function cameWith(kind: EventKind, kinds: readonly EventKind[], known: ReadonlySet<EventKind>): boolean {
  return [...KINDS_OF.values()].some(
    (shared) =>
      shared.includes(kind) &&
      shared.some((other) => known.has(other)) &&
      shared.every((other) => kinds.includes(other)),
  );
}

function commandOf(kind: EventKind): string {
  const [command] = showEvents([kind], 'tencent');
  return command ?? kind;
}
