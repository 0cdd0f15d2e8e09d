import type { GroupFacts, QuietFacts } from '@confab-im/protocol';
import { type Endpoint, keepsChain } from '../../../domain/endpoint.ts';
import { type AfterKind, afterKindOf } from '../../../domain/event-kinds.ts';
import type { CommandSource, DestroyGroup } from '../../commands.ts';
import { writeLinks } from '../chains.ts';
import type { GroupState } from '../groups.ts';
import type { CoreHint } from '../hints.ts';
import type { LogEntry, Origin } from '../log.ts';
import type { Tables } from '../tables.ts';

/** Time for the next event of a stream: never before the last one, whatever the clock did. */
export function streamTime(state: GroupState, now: number): number {
  return Math.max(now, state.lastTime);
}

export interface Appended {
  /** The event's number in the log. */
  readonly seq: number;
  /** Some endpoint wants it. */
  readonly wanted: boolean;
}

/**
 * Gives an event its number in the group's log, matches it to the endpoints that want it now, and lets their idle lanes
 * fall behind: all of it in the transaction of the command. `asked`: as what endpoints ask for it; undefined for nobody.
 */
export function appendEvent(
  tables: Tables,
  state: GroupState,
  entry: Omit<LogEntry, 'audience' | 'links'>,
  asked: AfterKind | undefined,
): Appended {
  const { streamId, app, groupId } = state.group;
  const seq = state.head + 1;
  const audience = asked === undefined ? [] : tables.endpoints.matching(app, asked, groupId);
  const links = extendChains(tables, streamId, seq, audience);
  tables.log.append(streamId, seq, {
    ...entry,
    audience: tables.endpoints.audienceOf(audience),
    links: writeLinks(links),
  });
  state.head = seq;
  state.lastTime = entry.time;
  state.trimAt ??= entry.time;
  tables.groups.touch(state);
  if (audience.length > 0) tables.hints.push(fallBehind(tables, state, seq, audience, links));
  return { seq, wanted: audience.length > 0 };
}

/** Makes the rows of the lanes that were idle, and tells of them and of those that have one. */
function fallBehind(
  { lanes }: Tables,
  { group: { streamId }, lastTime }: GroupState,
  seq: number,
  audience: readonly Endpoint[],
  links: ReadonlyMap<number, number>,
): Omit<CoreHint, 'command'> {
  const cursor = seq - 1;
  const behind: number[] = [];
  const fresh: number[] = [];
  for (const { id } of audience) {
    const isFresh = lanes.fallBehind(id, streamId, cursor, lastTime);
    (isFresh ? fresh : behind).push(id);
  }
  return {
    streamId,
    behind,
    fresh,
    cursor,
    ...(links.size === 0 ? {} : { prev: Object.fromEntries(links) }),
  };
}

const NO_LINKS: ReadonlyMap<number, number> = new Map();

/** For each endpoint that is told its chain: the number before this event. The others pay nothing for it. */
function extendChains(
  tables: Tables,
  streamId: number,
  seq: number,
  audience: readonly Endpoint[],
): ReadonlyMap<number, number> {
  if (!audience.some(({ settings }) => keepsChain(settings))) return NO_LINKS;
  const told = audience.filter(({ settings }) => keepsChain(settings));
  return new Map(told.map(({ id }) => [id, tables.chains.extend(id, streamId, seq)]));
}

/**
 * Appends what happened to a group besides a message: the one way into the log for it. `facts` are those of the kind
 * (protocol, group-facts.ts); group, type, time and origin are kept with every event and do not belong in them.
 */
export function appendFact<Kind extends keyof LogFacts>(
  tables: Tables,
  state: GroupState,
  kind: Kind,
  command: Pick<DestroyGroup, 'now' | 'from'>,
  facts: LogFacts[Kind],
): Appended {
  const entry = {
    kind,
    time: streamTime(state, command.now),
    msgSeq: null,
    random: null,
    origin: originOf(command.from),
    payload: JSON.stringify(facts),
  };
  return appendEvent(tables, state, entry, afterKindOf(kind, facts));
}

/** The facts of everything that `appendFact` takes, by kind. */
export interface LogFacts extends GroupFacts, QuietFacts {}

function originOf(from: CommandSource | undefined): Origin | null {
  if (from === undefined) return null;
  const { clientIp, platform, operationId, traceparent } = from;
  const origin = [clientIp, platform, operationId, 0, '', ''] as const;
  return traceparent === undefined ? origin : [...origin, traceparent];
}
