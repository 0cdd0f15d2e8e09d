import type { GroupType } from '@confab-im/protocol';
import { BoundedMap } from '../../base/bounded-map.ts';
import {
  type ApplyJoinOption,
  type Group,
  type InviteJoinOption,
  type KeyValue,
  placeId,
} from '../../domain/group.ts';
import { seesHistoryBefore } from '../../domain/group-types.ts';
import type { GroupIdentity, GroupState } from '../sqlite/groups.ts';
import type { Counter } from './counters.ts';
import {
  COUNT_GROUPS,
  DESTROY_GROUP,
  INSERT_GROUP,
  INSERT_STREAM,
  UPDATE_GROUP,
  UPDATE_PROFILE,
  UPDATE_STREAM,
} from './group-writes.ts';
import { type Questions, question } from './questions.ts';
import type { Memory } from './rows.ts';
import type { Row } from './statement.ts';
import type { Writes } from './writes.ts';

/** Groups kept in memory between batches; about 1 KB each. */
const CACHED = 10_000;

export const GROUP_COLUMNS = `g.*, s.head, s.last_time, s.trim_at, s.next_msg_seq, s.last_msg_time, s.active`;
const FROM = 'FROM chat_group g JOIN stream s ON s.id = g.stream_id';

const BY_ID = question<[number, string], GroupState | null>(
  `SELECT ${GROUP_COLUMNS} ${FROM} WHERE g.app = $1 AND g.group_id = $2 AND g.destroyed_at IS NULL`,
  null,
  ([row]) => (row === undefined ? null : stateOf(row)),
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
  readonly state: GroupState;
  readonly before: Group;
  created: boolean;
}

/** Groups with their streams. Changed in memory, written once per batch. */
export class Groups implements Memory {
  readonly #questions: Questions;
  readonly #writes: Writes;
  readonly #streams: Counter;
  readonly #known = new BoundedMap<string, GroupState>(CACHED);
  readonly #identities = new BoundedMap<number, GroupIdentity>(CACHED);
  /** What this pass works on; `null`: disbanded in it. */
  readonly #held = new Map<string, Held | null>();
  readonly #heads = new Map<number, GroupState>();
  readonly #counted = new Map<string, { readonly app: number; readonly type: GroupType; by: number }>();

  constructor(questions: Questions, writes: Writes, streams: Counter) {
    this.#questions = questions;
    this.#writes = writes;
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
    return this.knownHead(streamId) ?? this.#questions.ask(HEAD, streamId);
  }

  /** The same, if it is known without asking. */
  knownHead(streamId: number): number | undefined {
    const held = this.#heads.get(streamId);
    if (held !== undefined) return held.head;
    const identity = this.#identities.get(streamId);
    const state =
      identity === undefined ? undefined : this.#known.get(keyOf(identity.app, placeId(identity)));
    return state?.group.streamId === streamId ? state.head : undefined;
  }

  create(group: Omit<Group, 'streamId'>, nextOrdinal: number): GroupState {
    const state: GroupState = {
      group: { ...group, streamId: this.#streams.next() },
      head: 0,
      lastTime: 0,
      trimAt: null,
      nextOrdinal,
      dirty: true,
      rateSecond: 0,
      rateCount: 0,
    };
    if (group.topicId === undefined) this.#count(group.app, group.type, 1);
    return this.#hold(keyOf(group.app, placeId(group)), state, true);
  }

  touch(state: GroupState): void {
    state.dirty = true;
  }

  /** The same for a change of the profile, by which `infoSeq` has grown. */
  touchProfile(state: GroupState): void {
    this.touch(state);
  }

  destroy(state: GroupState, now: number): void {
    const { app, type, topicId, streamId } = state.group;
    const key = keyOf(app, placeId(state.group));
    this.#write(key);
    this.#writes.put(DESTROY_GROUP, String(streamId), { streamId, now });
    if (topicId === undefined) this.#count(app, type, -1);
    this.#held.set(key, null);
  }

  /** Live groups of an app. */
  count(app: number, type?: GroupType): number {
    let sum = 0;
    for (const [of, groups] of this.#questions.ask(COUNTS, app))
      if (type === undefined || of === type) sum += groups;
    for (const counted of this.#counted.values())
      if (counted.app === app && (type === undefined || counted.type === type)) sum += counted.by;
    return sum;
  }

  /** The trimmer has moved the stream's next look. */
  setTrimAt(streamId: number, trimAt: number | null): void {
    const identity = this.#identities.get(streamId);
    const known = identity && this.#known.get(keyOf(identity.app, placeId(identity)));
    if (known?.group.streamId === streamId) known.trimAt = trimAt;
  }

  /** Puts what has changed among the writes of the batch. */
  flush(): void {
    for (const key of this.#held.keys()) this.#write(key);
    for (const [key, counted] of this.#counted) this.#writes.put(COUNT_GROUPS, key, counted);
  }

  discard(): void {
    this.#held.clear();
    this.#heads.clear();
    this.#counted.clear();
  }

  keep(): void {
    for (const [key, held] of this.#held) {
      if (held === null) this.#known.delete(key);
      else {
        const { streamId, app, groupId, topicId, type } = held.state.group;
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

  #hold(key: string, state: GroupState, created: boolean): GroupState {
    this.#held.set(key, { state, before: state.group, created });
    this.#heads.set(state.group.streamId, state);
    return state;
  }

  #write(key: string): void {
    const held = this.#held.get(key);
    if (held === undefined || held === null || !held.state.dirty) return;
    const { state, before } = held;
    const row = String(state.group.streamId);
    if (held.created) {
      this.#writes.put(INSERT_STREAM, row, state);
      this.#writes.put(INSERT_GROUP, row, state);
    } else {
      this.#writes.put(UPDATE_STREAM, row, state);
      if (isMoved(before, state)) this.#writes.put(UPDATE_GROUP, row, state);
      if (before.infoSeq !== state.group.infoSeq) this.#writes.put(UPDATE_PROFILE, row, state);
    }
    held.created = false;
    state.dirty = false;
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

function keyOf(app: number, groupId: string): string {
  return `${app}/${groupId}`;
}

/** Of a row with GROUP_COLUMNS. */
export function stateOf(row: Row): GroupState {
  return {
    group: groupOf(row),
    head: row.head as number,
    lastTime: row.last_time as number,
    trimAt: row.trim_at as number | null,
    nextOrdinal: row.next_ordinal as number,
    dirty: false,
    rateSecond: 0,
    rateCount: 0,
  };
}

function identityOf(row: Row): GroupIdentity {
  return {
    streamId: row.stream_id as number,
    app: row.app as number,
    ...idsOf(row),
    type: row.type as GroupType,
  };
}

function idsOf(row: Row): Pick<Group, 'groupId' | 'topicId'> {
  const id = row.group_id as string;
  return row.topic_of === null ? { groupId: id } : { groupId: row.topic_of as string, topicId: id };
}

export function groupOf(row: Row): Group {
  return {
    streamId: row.stream_id as number,
    app: row.app as number,
    ...idsOf(row),
    type: row.type as GroupType,
    name: row.name as string,
    introduction: row.introduction as string,
    notification: row.notification as string,
    faceUrl: row.face_url as string,
    owner: row.owner as string,
    createTime: row.create_time as number,
    infoSeq: row.info_seq as number,
    lastInfoTime: row.last_info_time as number,
    lastMsgTime: row.last_msg_time as number,
    nextMsgSeq: row.next_msg_seq as number,
    memberNum: row.member_num as number,
    maxMemberNum: row.max_member_num as number,
    applyJoinOption: row.apply_join_option as ApplyJoinOption,
    inviteJoinOption: row.invite_join_option as InviteJoinOption,
    muteAll: row.mute_all as boolean,
    supportTopic: row.support_topic as boolean,
    active: row.active as boolean,
    historyBeforeJoin: seesHistoryBefore(row.type as GroupType, row.history_before_join as boolean | null),
    enablePermission: row.enable_permission as boolean,
    defaultPermission: row.default_permission as number,
    appDefinedData: JSON.parse(row.app_defined_data as string) as KeyValue[],
  };
}
