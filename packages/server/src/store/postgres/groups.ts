import type { GroupType } from '@confab-im/protocol';
import { BoundedMap } from '../../base/bounded-map.ts';
import { type Group, placeId } from '../../domain/group.ts';
import type { GroupIdentity, GroupState } from '../sqlite/groups.ts';
import type { Common } from './common.ts';
import type { Counter } from './counters.ts';
import {
  COUNT_GROUPS,
  DESTROY_GROUP,
  INSERT_GROUP,
  INSERT_STREAM,
  UPDATE_GROUP,
  UPDATE_PROFILE,
} from './group-writes.ts';
import { GROUP_COLUMNS, hotOf, identityOf, type KnownGroup, knownOf, newEpoch } from './known-group.ts';
import { type Questions, question } from './questions.ts';
import type { Memory } from './rows.ts';
import type { Call } from './statement.ts';
import { changeStreams, checkStreams, type Found, type StreamChange, type StreamRow } from './streams.ts';
import type { Writes } from './writes.ts';

/** Groups kept in memory between batches; about 1 KB each. */
const CACHED = 10_000;

const FROM = 'FROM chat_group g JOIN stream s ON s.id = g.stream_id';

const BY_ID = question<[number, string], KnownGroup | null>(
  `SELECT ${GROUP_COLUMNS} ${FROM} WHERE g.app = $1 AND g.group_id = $2 AND g.destroyed_at IS NULL`,
  null,
  ([row]) => (row === undefined ? null : knownOf(row)),
);
const IDENTITY = question<[number], GroupIdentity | null>(
  'SELECT stream_id, app, group_id, topic_of, type FROM chat_group WHERE stream_id = $1',
  null,
  ([row]) => (row === undefined ? null : identityOf(row)),
);
const TOPIC_IDS = question<[number, string], readonly string[]>(
  'SELECT group_id FROM chat_group WHERE app = $1 AND topic_of = $2 AND destroyed_at IS NULL ORDER BY stream_id',
  [],
  (rows) => rows.map((row) => row.group_id as string),
);
const HEAD = question<[number], number>('SELECT head FROM stream WHERE id = $1', 0, ([row]) =>
  Number(row?.head ?? 0),
);
const COUNTS = question<[number], ReadonlyMap<string, number>>(
  'SELECT type, groups FROM group_count WHERE app = $1',
  new Map(),
  (rows) => new Map(rows.map((row) => [row.type as string, row.groups as number])),
);

interface Held {
  readonly state: KnownGroup;
  readonly before: Group;
  readonly head: number;
  created: boolean;
  moved: boolean;
  reliesOnLanes: boolean;
  changed: boolean;
}

/**
 * Groups with their streams. Changed in memory, written once per batch, and only if they are still as they were found: what another
 * process has changed is read again.
 */
export class Groups implements Memory {
  readonly #questions: Questions;
  readonly #writes: Writes;
  readonly #streams: Counter;
  readonly #common: Common;
  readonly #known = new BoundedMap<string, KnownGroup>(CACHED);
  readonly #identities = new BoundedMap<number, GroupIdentity>(CACHED);
  /** What this pass works on; `null`: disbanded in it. */
  readonly #held = new Map<string, Held | null>();
  readonly #byStream = new Map<number, Held>();
  readonly #counted = new Map<string, { readonly app: number; readonly type: GroupType; by: number }>();

  constructor(questions: Questions, writes: Writes, common: Common, streams: Counter) {
    this.#questions = questions;
    this.#writes = writes;
    this.#common = common;
    this.#streams = streams;
  }

  /** The live group of that id. */
  get(app: number, groupId: string): GroupState | undefined {
    const state = this.#find(app, groupId);
    return state?.group.topicId === undefined ? state : undefined;
  }

  /** The live topic of that id. */
  topic(app: number, topicId: string): GroupState | undefined {
    const state = this.#find(app, topicId);
    return state?.group.topicId === undefined ? undefined : state;
  }

  /** Some live group or topic has that id. */
  isTaken(app: number, id: string): boolean {
    return this.#find(app, id) !== undefined;
  }

  /** Live topics of a community, in the order of their creation. */
  topicIds(app: number, groupId: string): string[] {
    const found = this.#questions.ask(TOPIC_IDS, app, groupId);
    const live = found.filter((id) => this.#held.get(keyOf(app, id)) !== null);
    const made = [...this.#held.values()].flatMap((held) => {
      const group = held?.state.group;
      const isOne = group?.topicId !== undefined && group.app === app && group.groupId === groupId;
      return isOne && !live.includes(group.topicId) ? [group.topicId] : [];
    });
    return [...live, ...made];
  }

  #find(app: number, groupId: string): GroupState | undefined {
    const key = keyOf(app, groupId);
    const held = this.#held.get(key);
    if (held !== undefined) return held?.state;
    const known = this.#known.get(key) ?? this.#questions.ask(BY_ID, app, groupId);
    if (known === null) return undefined;
    return this.#hold(key, { ...known }, false);
  }

  identity(streamId: number): GroupIdentity | undefined {
    const known = this.#identities.get(streamId);
    if (known !== undefined) return known;
    const identity = this.#questions.ask(IDENTITY, streamId);
    if (identity === null) return undefined;
    this.#identities.set(streamId, identity);
    return identity;
  }

  /** Last log sequence of a stream. */
  headOf(streamId: number): number {
    return this.#byStream.get(streamId)?.state.head ?? this.#questions.ask(HEAD, streamId);
  }

  /** What is remembered of a stream; others may have written to it since. */
  remembered(streamId: number): KnownGroup | undefined {
    const held = this.#byStream.get(streamId);
    if (held !== undefined) return held.state;
    const identity = this.#identities.get(streamId);
    const state =
      identity === undefined ? undefined : this.#known.get(keyOf(identity.app, placeId(identity)));
    return state?.group.streamId === streamId ? state : undefined;
  }

  /** The stream of a group or topic that is remembered. */
  streamOf(app: number, groupId: string): number | undefined {
    return this.#known.get(keyOf(app, groupId))?.group.streamId;
  }

  create(group: Omit<Group, 'streamId'>, nextOrdinal: number): GroupState {
    const state: KnownGroup = {
      group: { ...group, streamId: this.#streams.next() },
      head: 0,
      lastTime: 0,
      trimAt: null,
      nextOrdinal,
      dirty: true,
      rateSecond: 0,
      rateCount: 0,
      version: 0,
      lanes: 0,
      roster: newEpoch(),
      log: newEpoch(),
      rows: newEpoch(),
    };
    if (group.topicId === undefined) this.#count(group.app, group.type, 1);
    else this.#hasOtherTopics(group);
    return this.#hold(keyOf(group.app, placeId(group)), state, true);
  }

  /** Without an event it counts as a change of the group itself. */
  touch(state: GroupState): void {
    state.dirty = true;
  }

  /** The same for a change of the profile, by which `infoSeq` has grown. */
  touchProfile(state: GroupState): void {
    this.touch(state);
  }

  /** It is made in this pass: the database has nothing of it. */
  isNew(streamId: number): boolean {
    return this.#byStream.get(streamId)?.created === true;
  }

  /** Members or mutes of it change in this pass: what others remember of them is void. */
  moved(streamId: number): void {
    const held = this.#byStream.get(streamId);
    if (held === undefined) return;
    held.moved = true;
    held.state.dirty = true;
  }

  /** The pass counts on the row of a lane that it remembers. */
  relyOnLanes(streamId: number): void {
    const held = this.#byStream.get(streamId);
    if (held !== undefined) held.reliesOnLanes = true;
  }

  /** This process has moved `stream.lanes` on: what it remembers of rows still counts, unless another did, too. */
  movedLanes(streamId: number, lanes: number): void {
    const known = this.remembered(streamId);
    if (known !== undefined && known.lanes + 1 === lanes) known.lanes = lanes;
  }

  destroy(state: GroupState, now: number): void {
    const { app, type, topicId, streamId } = state.group;
    const key = keyOf(app, placeId(state.group));
    this.moved(streamId);
    this.#write(this.#byStream.get(streamId));
    this.#writes.put(DESTROY_GROUP, String(streamId), { streamId, now });
    if (topicId === undefined) this.#count(app, type, -1);
    else this.#hasOtherTopics(state.group);
    this.#held.set(key, null);
  }

  /** Live groups of an app. For a limit, which has to hold though others create groups, too. */
  count(app: number, type?: GroupType): number {
    this.#common.needsAll();
    let sum = 0;
    for (const [of, groups] of this.#questions.ask(COUNTS, app))
      if (type === undefined || of === type) sum += groups;
    for (const counted of this.#counted.values())
      if (counted.app === app && (type === undefined || counted.type === type)) sum += counted.by;
    return sum;
  }

  /** Puts what has changed among the writes of the batch. */
  flush(): void {
    for (const held of this.#byStream.values()) this.#write(held);
    for (const [key, counted] of this.#counted) this.#writes.put(COUNT_GROUPS, key, counted);
  }

  /** Streams that this pass has looked at, but not made. */
  get relied(): number[] {
    const streams: number[] = [];
    for (const [streamId, { created }] of this.#byStream) if (!created) streams.push(streamId);
    return streams;
  }

  /** What writes the streams that have changed, and refuses unless all are as they were found; none when there is none. */
  streamCalls(): Call[] {
    const changes: StreamChange[] = [];
    const unchanged: (Found & { readonly id: number })[] = [];
    for (const [id, { state, head, created, moved, reliesOnLanes, changed }] of this.#byStream) {
      if (created) continue;
      const found = { version: state.version, head, lanes: reliesOnLanes ? state.lanes : null };
      if (changed) changes.push({ state, found, moved });
      else unchanged.push({ id, ...found });
    }
    return [
      ...(changes.length === 0 ? [] : [changeStreams(changes)]),
      ...(unchanged.length === 0 ? [] : [checkStreams(unchanged)]),
    ];
  }

  /** Is the stream still as this pass has found it? */
  isAsFound({ id, version, head, lanes }: StreamRow): boolean {
    const held = this.#byStream.get(id);
    if (held === undefined) return true;
    const { state } = held;
    return version === state.version && head === held.head && (!held.reliesOnLanes || lanes === state.lanes);
  }

  /** Streams as they are now: what was remembered otherwise is forgotten, or brought up to date. Ids of those. */
  refresh(rows: readonly StreamRow[]): Set<number> {
    const news = new Set<number>();
    for (const row of rows) {
      const identity = this.#identities.get(row.id);
      if (identity === undefined) continue;
      const key = keyOf(identity.app, placeId(identity));
      const known = this.#known.get(key);
      if (known === undefined || known.group.streamId !== row.id) continue;
      if (row.version === known.version && row.head === known.head && row.lanes === known.lanes) continue;
      news.add(row.id);
      if (row.version !== known.version) this.#known.delete(key);
      else this.#known.set(key, { ...known, ...hotOf(row, known) });
    }
    return news;
  }

  /** How far each stream came in this pass. */
  *advances(): Iterable<{ readonly streamId: number; readonly from: number; readonly to: number }> {
    for (const [streamId, { head, state }] of this.#byStream) yield { streamId, from: head, to: state.head };
  }

  discard(): void {
    this.#held.clear();
    this.#byStream.clear();
    this.#counted.clear();
  }

  keep(): void {
    for (const { state, moved, created } of this.#byStream.values())
      if (moved && !created) state.version += 1;
    for (const [key, held] of this.#held) {
      if (held === null) this.#known.delete(key);
      else {
        const { streamId, app, groupId, topicId, type } = held.state.group;
        held.state.dirty = false;
        this.#known.set(key, held.state);
        if (this.#identities.get(streamId) === undefined)
          this.#identities.set(streamId, { streamId, app, groupId, ...(topicId && { topicId }), type });
      }
    }
    this.discard();
  }

  forget(): void {
    this.discard();
    this.#known.clear();
    this.#identities.clear();
  }

  #hold(key: string, state: KnownGroup, created: boolean): GroupState {
    const held = {
      state,
      before: state.group,
      head: state.head,
      created,
      moved: false,
      reliesOnLanes: false,
      changed: false,
    };
    this.#held.set(key, held);
    this.#byStream.set(state.group.streamId, held);
    return state;
  }

  #write(held: Held | undefined): void {
    if (held === undefined || !held.state.dirty) return;
    const { state, before } = held;
    const row = String(state.group.streamId);
    if (held.created) {
      this.#writes.put(INSERT_STREAM, row, state);
      this.#writes.put(INSERT_GROUP, row, state);
    } else {
      held.changed = true;
      held.moved ||= state.head === held.head || isOther(before, state.group);
      if (isMoved(before, state)) this.#writes.put(UPDATE_GROUP, row, state);
      if (before.infoSeq !== state.group.infoSeq) this.#writes.put(UPDATE_PROFILE, row, state);
    }
    state.dirty = false;
  }

  /** Who has asked for the topics of the community, or counted them, decides anew. */
  #hasOtherTopics({ app, groupId }: Pick<Group, 'app' | 'groupId'>): void {
    const community = this.#held.get(keyOf(app, groupId));
    if (community) this.moved(community.state.group.streamId);
  }

  #count(app: number, type: GroupType, by: number): void {
    const key = `${app}/${type}`;
    this.#counted.set(key, { app, type, by: (this.#counted.get(key)?.by ?? 0) + by });
  }
}

/** A membership has changed: what a message changes stands in the stream's row alone. */
function isMoved(before: Group, { group }: GroupState): boolean {
  return (
    before.memberNum !== group.memberNum || before.owner !== group.owner || before.infoSeq !== group.infoSeq
  );
}

/** What a message changes of a group: others learn it with the head of the log. */
const OF_MESSAGES: ReadonlySet<string> = new Set<keyof Group>(['nextMsgSeq', 'lastMsgTime', 'active']);

/** Something besides messages has changed. */
function isOther(before: Group, group: Group): boolean {
  if (before === group) return false;
  for (const key of Object.keys(group) as (keyof Group)[])
    if (before[key] !== group[key] && !OF_MESSAGES.has(key)) return true;
  return false;
}

function keyOf(app: number, groupId: string): string {
  return `${app}/${groupId}`;
}
