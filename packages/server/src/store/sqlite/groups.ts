import type { DatabaseSync } from 'node:sqlite';
import type { GroupType } from '@confab-im/protocol';
import { BoundedMap } from '../../base/bounded-map.ts';
import { type Group, placeId } from '../../domain/group.ts';
import { storedType } from '../../domain/group-types.ts';
import type { GroupIdsPage, GroupIdsQuery } from '../store.ts';
import { GROUP_COLUMNS, type GroupRow, type GroupState, idsOf, laterColumns, stateOf } from './group-row.ts';
import { type Statement, statement } from './statement.ts';

export type { GroupState } from './group-row.ts';

export interface GroupIdentity {
  readonly streamId: number;
  readonly app: number;
  readonly groupId: string;
  /** Of a topic; `groupId` is then its community's. */
  readonly topicId?: string;
  readonly type: GroupType;
}

/** Groups kept in memory between batches; about 1 KB each. */
const CACHED = 10_000;
/** Written back early when so many have changed in one batch: well before the cache could let go of a changed one. */
const DIRTY_LIMIT = 1_000;

/** Groups with their streams. The only writer of `chat_group` and `stream`. */
export class Groups {
  readonly #cache = new BoundedMap<string, GroupState>(CACHED);
  readonly #identities = new BoundedMap<number, GroupIdentity>(CACHED);
  readonly #dirty = new Set<GroupState>();
  readonly #dirtyProfiles = new Set<GroupState>();
  readonly #byId: Statement<GroupRow>;
  readonly #byStream: Statement<GroupRow>;
  readonly #head: Statement<{ head: number }>;
  readonly #insertStream;
  readonly #insert;
  readonly #updateStream;
  readonly #update;
  readonly #updateProfile;
  readonly #destroy;
  readonly #count;
  readonly #counts: Statement<{ type: GroupType; groups: number }>;
  readonly #page: Statement<{ stream_id: number; group_id: string }>;
  readonly #pageOfType: Statement<{ stream_id: number; group_id: string }>;
  readonly #topics: Statement<{ group_id: string }>;

  constructor(db: DatabaseSync) {
    const from = 'FROM chat_group g JOIN stream s ON s.id = g.stream_id';
    this.#byId = statement(
      db,
      `SELECT ${GROUP_COLUMNS} ${from} WHERE g.app = ? AND g.group_id = ? AND g.destroyed_at IS NULL`,
    );
    this.#byStream = statement(db, `SELECT ${GROUP_COLUMNS} ${from} WHERE g.stream_id = ?`);
    this.#head = statement(db, 'SELECT head FROM stream WHERE id = ?');
    this.#insertStream = statement(db, "INSERT INTO stream (app, kind) VALUES (?, 'group')");
    this.#insert = statement(
      db,
      `INSERT INTO chat_group (stream_id, app, group_id, type, name, introduction, notification, face_url, owner, create_time, info_seq,
         last_info_time, last_msg_time, next_msg_seq, member_num, next_ordinal, max_member_num, apply_join_option,
         invite_join_option, mute_all, support_topic, active, app_defined_data, history_before_join, enable_permission,
         default_permission, topic_of)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#updateStream = statement(db, 'UPDATE stream SET head = ?, last_time = ?, trim_at = ? WHERE id = ?');
    this.#update = statement(
      db,
      `UPDATE chat_group SET owner = ?, info_seq = ?, last_msg_time = ?, next_msg_seq = ?, member_num = ?,
       next_ordinal = ?, active = ? WHERE stream_id = ?`,
    );
    this.#updateProfile = statement(
      db,
      `UPDATE chat_group SET name = ?, introduction = ?, notification = ?, face_url = ?, last_info_time = ?, max_member_num = ?,
       apply_join_option = ?, invite_join_option = ?, mute_all = ?, app_defined_data = ?, history_before_join = ?,
       enable_permission = ?, default_permission = ? WHERE stream_id = ?`,
    );
    this.#destroy = statement(db, 'UPDATE chat_group SET destroyed_at = ? WHERE stream_id = ?');
    this.#count = statement(
      db,
      `INSERT INTO group_count VALUES (?1, ?2, ?3) ON CONFLICT (app, type) DO UPDATE SET groups = groups + ?3`,
    );
    this.#counts = statement(db, 'SELECT type, groups FROM group_count WHERE app = ?');
    const page =
      'SELECT stream_id, group_id FROM chat_group WHERE app = ?1 AND stream_id > ?2 AND topic_of IS NULL';
    this.#topics = statement(
      db,
      `SELECT group_id FROM chat_group WHERE app = ? AND topic_of = ? AND destroyed_at IS NULL ORDER BY stream_id`,
    );
    this.#page = statement(db, `${page} AND destroyed_at IS NULL ORDER BY stream_id LIMIT ?3`);
    this.#pageOfType = statement(
      db,
      `${page} AND destroyed_at IS NULL AND type = ?4 ORDER BY stream_id LIMIT ?3`,
    );
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
    return this.#topics.all(app, groupId).map((row) => row.group_id);
  }

  #find(app: number, groupId: string): GroupState | undefined {
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
    const identity = { streamId, app: row.app, ...idsOf(row), type: storedType(row.type) };
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
      placeId(group),
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
      ...laterColumns(group),
      group.topicId === undefined ? null : group.groupId,
    );
    if (group.topicId === undefined) this.#count.run(group.app, group.type, 1);
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
    this.#cache.set(`${group.app}/${placeId(group)}`, state);
    return state;
  }

  /** Takes note that the state has to be written before the batch commits. */
  touch(state: GroupState): void {
    if (state.dirty) return;
    if (this.#dirty.size >= DIRTY_LIMIT) this.flush();
    state.dirty = true;
    this.#dirty.add(state);
  }

  /** The same for a change of the profile, which a message leaves alone. */
  touchProfile(state: GroupState): void {
    this.touch(state);
    this.#dirtyProfiles.add(state);
  }

  destroy(state: GroupState, now: number): void {
    const { app, streamId, type, topicId } = state.group;
    this.#destroy.run(now, streamId);
    if (topicId === undefined) this.#count.run(app, type, -1);
    this.#cache.delete(`${app}/${placeId(state.group)}`);
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
    for (const { group } of this.#dirtyProfiles) {
      this.#updateProfile.run(
        group.name,
        group.introduction,
        group.notification,
        group.faceUrl,
        group.lastInfoTime,
        group.maxMemberNum,
        group.applyJoinOption,
        group.inviteJoinOption,
        group.muteAll ? 1 : 0,
        JSON.stringify(group.appDefinedData),
        ...laterColumns(group),
        group.streamId,
      );
    }
    this.#dirtyProfiles.clear();
  }

  /** The batch was rolled back: nothing in memory can be trusted. */
  forget(): void {
    this.#cache.clear();
    this.#identities.clear();
    this.#dirty.clear();
    this.#dirtyProfiles.clear();
  }

  /** The trimmer has moved the stream's next look. */
  setTrimAt(streamId: number, trimAt: number | null): void {
    const identity = this.identity(streamId);
    const cached = identity && this.#cache.get(`${identity.app}/${placeId(identity)}`);
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
