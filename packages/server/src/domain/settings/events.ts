import { OPENIM_AFTER_SEND_GROUP, TENCENT_AFTER_SEND } from '@confab-im/protocol';
import { type EndpointSettings, EVENT_KINDS, type EventKind } from '../endpoint.ts';
import { nearest } from './nearest.ts';
import { Unfit } from './problem.ts';
import { isWireCommand } from './wire-commands.ts';

/** How each dialect calls an event. Either name may be written for either dialect. */
const COMMANDS: Readonly<Record<EventKind, Readonly<Record<EndpointSettings['dialect'], string>>>> = {
  'group.message.sent': { tencent: TENCENT_AFTER_SEND, openim: OPENIM_AFTER_SEND_GROUP },
};

const KIND_OF: ReadonlyMap<string, EventKind> = new Map(
  EVENT_KINDS.flatMap((kind) => Object.values(COMMANDS[kind]).map((command) => [command, kind] as const)),
);

const ALL = 'all';
const SUPPORTED: readonly string[] = [...KIND_OF.keys()];

export const EVENTS_EXPECTS = `"${ALL}" or a list of commands: ${SUPPORTED.join(', ')}`;

/** The switches of an endpoint: commands of either dialect, or `all`. Throws `Unfit`. */
export function parseEvents(written: string | readonly string[]): readonly EventKind[] {
  const names = typeof written === 'string' ? [written] : written;
  if (names.includes(ALL)) return EVENT_KINDS;
  const kinds = new Set(names.map(kindOf));
  return EVENT_KINDS.filter((kind) => kinds.has(kind));
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
export function showEvents(
  kinds: readonly EventKind[],
  dialect: EndpointSettings['dialect'],
): readonly string[] {
  return kinds.map((kind) => COMMANDS[kind][dialect]);
}
