import type { DatabaseSync } from 'node:sqlite';
import type { GroupType } from '@confab-im/protocol';
import { BoundedMap } from '../../base/bounded-map.ts';
import type { ApplyJoinOption, Group, InviteJoinOption, KeyValue } from '../../domain/group.ts';
import type { GroupIdsPage, GroupIdsQuery } from '../store.ts';
import { type Statement, statement } from './statement.ts';

/** A group with its stream while it is being worked on. Changed in memory, written back once per batch. */
export interface GroupState {
  group: Group;
  /** Last log sequence of the stream. */
  head: number;
  /** Unix ms of the last event: time never goes back within a stream. */
  lastTime: number;
  trimAt: number | null;
  nextOrdinal: number;
  dirty: boolean;
  /** Messages sent in the running second, for the frequency cap. */
  rateSecond: number;
  rateCount: number;
}

export interface GroupIdentity {
  readonly streamId: number;
  readonly app: number;
  readonly groupId: string;
  readonly type: GroupType;
}

interface GroupRow {
  stream_id: number;
  app: number;
  group_id: string;
  type: GroupType;
  name: string;
  introduction: string;
  notification: string;
  face_url: string;
  owner: string;
  create_time: number;
  info_seq: number;
  last_info_time: number;
  last_msg_time: number;
  next_msg_seq: number;
  member_num: number;
  next_ordinal: number;
  max_member_num: number;
  apply_join_option: ApplyJoinOption;
  invite_join_option: InviteJoinOption;
  mute_all: number;
  support_topic: number;
  active: number;
  app_defined_data: string;
  head: number;
  last_time: number;
  trim_at: number | null;
}

const COLUMNS = `g.stream_id, g.app, g.group_id, g.type, g.name, g.introduction, g.notification, g.face_url, g.owner,
  g.create_time, g.info_seq, g.last_info_time, g.last_msg_time, g.next_msg_seq, g.member_num, g.next_ordinal,
  g.max_member_num, g.apply_join_option, g.invite_join_option, g.mute_all, g.support_topic, g.active,
  g.app_defined_data, s.head, s.last_time, s.trim_at`;

/** Groups kept in memory between batches; about 1 KB each. */
const CACHED = 10_000;
/** Written back early when so many have changed in one batch: well before the cache could let go of a changed one. */
const DIRTY_LIMIT = 1_000;

/** Groups with their streams. The only writer of `chat_group` and `stream`. */
export class Groups {
  readonly #cache = new BoundedMap<string, GroupState>(CACHED);
  readonly #identities = new BoundedMap<number, GroupIdentity>(CACHED);
  readonly #dirty = new Set<GroupState>();
  readonly #byId: Statement<GroupRow>;
  readonly #byStream: Statement<GroupRow>;
  readonly #head: Statement<{ head: number }>;
  readonly #insertStream;
  readonly #insert;
  readonly #updateStream;
  readonly #update;
  readonly #destroy;
  readonly #count;
  readonly #counts: Statement<{ type: GroupType; groups: number }>;
  readonly #page: Statement<{ stream_id: number; group_id: string }>;
  readonly #pageOfType: Statement<{ stream_id: number; group_id: string }>;

  constructor(db: DatabaseSync) {
    const from = 'FROM chat_group g JOIN stream s ON s.id = g.stream_id';
    this.#byId = statement(
      db,
      `SELECT ${COLUMNS} ${from} WHERE g.app = ? AND g.group_id = ? AND g.destroyed_at IS NULL`,
    );
    this.#byStream = statement(db, `SELECT ${COLUMNS} ${from} WHERE g.stream_id = ?`);
    this.#head = statement(db, 'SELECT head FROM stream WHERE id = ?');
    this.#insertStream = statement(db, "INSERT INTO stream (app, kind) VALUES (?, 'group')");
    this.#insert = statement(
      db,
      `INSERT INTO chat_group VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)`,
    );
    this.#updateStream = statement(db, 'UPDATE stream SET head = ?, last_time = ?, trim_at = ? WHERE id = ?');
    this.#update = statement(
      db,
      `UPDATE chat_group SET owner = ?, info_seq = ?, last_msg_time = ?, next_msg_seq = ?, member_num = ?,
       next_ordinal = ?, active = ? WHERE stream_id = ?`,
    );
    this.#destroy = statement(db, 'UPDATE chat_group SET destroyed_at = ? WHERE stream_id = ?');
    this.#count = statement(
      db,
      `INSERT INTO group_count VALUES (?1, ?2, ?3) ON CONFLICT (app, type) DO UPDATE SET groups = groups + ?3`,
    );
    this.#counts = statement(db, 'SELECT type, groups FROM group_count WHERE app = ?');
    const page = 'SELECT stream_id, group_id FROM chat_group WHERE app = ?1 AND stream_id > ?2';
    this.#page = statement(db, `${page} AND destroyed_at IS NULL ORDER BY stream_id LIMIT ?3`);
    this.#pageOfType = statement(
      db,
      `${page} AND destroyed_at IS NULL AND type = ?4 ORDER BY stream_id LIMIT ?3`,
    );
  }

  /** The live group of that id. */
  get(app: number, groupId: string): GroupState | undefined {
    const key = `${app}/${groupId}`;
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    const row = this.#byId.get(app, groupId);
    if (row === undefined) return undefined;
    const state = stateOf(row);
    this.#cache.set(key, state);
    return state;
  }

  /** The group of a stream, disbanded ones included. */
  byStream(streamId: number): Group | undefined {
    const row = this.#byStream.get(streamId);
    return row === undefined ? undefined : stateOf(row).group;
  }

  /** What never changes about the group of a stream, disbanded ones included. */
  identity(streamId: number): GroupIdentity | undefined {
    const cached = this.#identities.get(streamId);
    if (cached !== undefined) return cached;
    const row = this.#byStream.get(streamId);
    if (row === undefined) return undefined;
    const identity = { streamId, app: row.app, groupId: row.group_id, type: row.type };
    this.#identities.set(streamId, identity);
    return identity;
  }

  /** Last log sequence of a stream. */
  headOf(streamId: number): number {
    return this.#head.get(streamId)?.head ?? 0;
  }

  create(group: Omit<Group, 'streamId'>, nextOrdinal: number): GroupState {
    const streamId = this.#insertStream.insert(group.app);
    this.#insert.run(
      streamId,
      group.app,
      group.groupId,
      group.type,
      group.name,
      group.introduction,
      group.notification,
      group.faceUrl,
      group.owner,
      group.createTime,
      group.infoSeq,
      group.lastInfoTime,
      group.lastMsgTime,
      group.nextMsgSeq,
      group.memberNum,
      nextOrdinal,
      group.maxMemberNum,
      group.applyJoinOption,
      group.inviteJoinOption,
      group.muteAll ? 1 : 0,
      group.supportTopic ? 1 : 0,
      group.active ? 1 : 0,
      JSON.stringify(group.appDefinedData),
    );
    this.#count.run(group.app, group.type, 1);
    const state: GroupState = {
      group: { ...group, streamId },
      head: 0,
      lastTime: 0,
      trimAt: null,
      nextOrdinal,
      dirty: false,
      rateSecond: 0,
      rateCount: 0,
    };
    this.#cache.set(`${group.app}/${group.groupId}`, state);
    return state;
  }

  /** Takes note that the state has to be written before the batch commits. */
  touch(state: GroupState): void {
    if (state.dirty) return;
    if (this.#dirty.size >= DIRTY_LIMIT) this.flush();
    state.dirty = true;
    this.#dirty.add(state);
  }

  destroy(state: GroupState, now: number): void {
    const { app, groupId, streamId, type } = state.group;
    this.#destroy.run(now, streamId);
    this.#count.run(app, type, -1);
    this.#cache.delete(`${app}/${groupId}`);
  }

  /** Writes what changed in memory; called once, just before the batch commits. */
  flush(): void {
    for (const state of this.#dirty) {
      const { group } = state;
      this.#updateStream.run(state.head, state.lastTime, state.trimAt, group.streamId);
      this.#update.run(
        group.owner,
        group.infoSeq,
        group.lastMsgTime,
        group.nextMsgSeq,
        group.memberNum,
        state.nextOrdinal,
        group.active ? 1 : 0,
        group.streamId,
      );
      state.dirty = false;
    }
    this.#dirty.clear();
  }

  /** The batch was rolled back: nothing in memory can be trusted. */
  forget(): void {
    this.#cache.clear();
    this.#identities.clear();
    this.#dirty.clear();
  }

  /** The trimmer has moved the stream's next look. */
  setTrimAt(app: number, groupId: string, streamId: number, trimAt: number | null): void {
    const cached = this.#cache.get(`${app}/${groupId}`);
    if (cached?.group.streamId === streamId) cached.trimAt = trimAt;
  }

  count(app: number, type?: GroupType): number {
    let sum = 0;
    for (const row of this.#counts.all(app)) if (type === undefined || row.type === type) sum += row.groups;
    return sum;
  }

  page({ app, type, after, limit }: GroupIdsQuery): GroupIdsPage {
    const rows =
      type === undefined ? this.#page.all(app, after, limit) : this.#pageOfType.all(app, after, limit, type);
    const last = rows.at(-1);
    return {
      total: this.count(app, type),
      groupIds: rows.map((row) => row.group_id),
      next: last !== undefined && rows.length === limit ? last.stream_id : 0,
    };
  }
}

function stateOf(row: GroupRow): GroupState {
  return {
    group: {
      streamId: row.stream_id,
      app: row.app,
      groupId: row.group_id,
      type: row.type,
      name: row.name,
      introduction: row.introduction,
      notification: row.notification,
      faceUrl: row.face_url,
      owner: row.owner,
      createTime: row.create_time,
      infoSeq: row.info_seq,
      lastInfoTime: row.last_info_time,
      lastMsgTime: row.last_msg_time,
      nextMsgSeq: row.next_msg_seq,
      memberNum: row.member_num,
      maxMemberNum: row.max_member_num,
      applyJoinOption: row.apply_join_option,
      inviteJoinOption: row.invite_join_option,
      muteAll: row.mute_all === 1,
      supportTopic: row.support_topic === 1,
      active: row.active === 1,
      appDefinedData: JSON.parse(row.app_defined_data) as KeyValue[],
    },
    head: row.head,
    lastTime: row.last_time,
    trimAt: row.trim_at,
    nextOrdinal: row.next_ordinal,
    dirty: false,
    rateSecond: 0,
    rateCount: 0,
  };
}
