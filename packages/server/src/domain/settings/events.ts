import {
  OPENIM_AFTER_SEND_GROUP,
  OPENIM_BEFORE_MODIFY,
  OPENIM_BEFORE_SEND_GROUP,
  STANDARD_MESSAGE_SENT,
  TENCENT_AFTER_SEND,
  TENCENT_BEFORE_SEND,
} from '@confab-im/protocol';
import { BEFORE_KINDS, type EndpointSettings, EVENT_KINDS, type EventKind } from '../endpoint.ts';
import { nearest } from './nearest.ts';
import { Unfit } from './problem.ts';
import { isWireCommand } from './wire-commands.ts';

type Dialect = EndpointSettings['dialect'];

/** How each dialect calls an event, where it knows it. Any name may be written for any dialect that knows the event. */
const COMMANDS: Readonly<Record<EventKind, Readonly<Partial<Record<Dialect, string>>>>> = {
  'group.message.sent': {
    tencent: TENCENT_AFTER_SEND,
    openim: OPENIM_AFTER_SEND_GROUP,
    standard: STANDARD_MESSAGE_SENT,
  },
  'group.message.before-send': { tencent: TENCENT_BEFORE_SEND, openim: OPENIM_BEFORE_SEND_GROUP },
  'group.message.before-modify': { openim: OPENIM_BEFORE_MODIFY },
};

const ALL_KINDS: readonly EventKind[] = [...EVENT_KINDS, ...BEFORE_KINDS];

const KIND_OF: ReadonlyMap<string, EventKind> = new Map(
  ALL_KINDS.flatMap((kind) => Object.values(COMMANDS[kind]).map((command) => [command, kind] as const)),
);

const ALL = 'all';
const SUPPORTED: readonly string[] = [...KIND_OF.keys()];

export const EVENTS_EXPECTS = `"${ALL}" or a list of commands: ${SUPPORTED.join(', ')}`;

/**
 * The switches of an endpoint: commands of either dialect, or `all` for everything that happened. To be asked before it happens
 * is never meant by `all`: a receiver that only looks on would hold up every message. Throws `Unfit`.
 */
export function parseEvents(written: string | readonly string[]): readonly EventKind[] {
  const names = typeof written === 'string' ? [written] : written;
  const kinds = new Set(names.flatMap((name) => (name === ALL ? EVENT_KINDS : kindOf(name))));
  return ALL_KINDS.filter((kind) => kinds.has(kind));
}

function kindOf(name: string): EventKind {
  const kind = KIND_OF.get(name);
  if (kind !== undefined) return kind;
  const shown = JSON.stringify(name.slice(0, 80));
  if (isWireCommand(name)) {
    throw new Unfit(`has ${shown}, which this version does not send yet; it sends ${SUPPORTED.join(', ')}`);
  }
  const meant = nearest(name, [...SUPPORTED, ALL]);
  const hint = meant === undefined ? `write ${EVENTS_EXPECTS}` : `did you mean ${meant}?`;
  throw new Unfit(`has ${shown}, which is no webhook command; ${hint}`);
}

/** The events as commands of the endpoint's own dialect: what `parseEvents` reads back. */
export function showEvents(kinds: readonly EventKind[], dialect: Dialect): readonly string[] {
  return kinds.flatMap((kind) => COMMANDS[kind][dialect] ?? []);
}

/** The commands among these that the dialect has no form for. */
export function eventsUnknownTo(dialect: Dialect, kinds: readonly EventKind[]): readonly string[] {
  return kinds
    .filter((kind) => COMMANDS[kind][dialect] === undefined)
    .flatMap((kind) => Object.values(COMMANDS[kind]));
}
