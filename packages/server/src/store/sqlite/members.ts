import type { DatabaseSync } from 'node:sqlite';
import { BoundedMap } from '../../base/bounded-map.ts';
import type { KeyValue, Member, MsgFlag, Role } from '../../domain/group.ts';
import type { MembersPage, MembersQuery } from '../store.ts';
import { floorOf, READ_SEQ } from './read-marks.ts';
import { type Statement, statement } from './statement.ts';

interface MemberRow {
  ordinal: number;
  user_id: string;
  role: Role;
  join_time: number;
  read_seq: number;
  msg_flag: MsgFlag;
  last_send_time: number;
  name_card: string;
  mute_until: number | null;
  app_defined_data: string;
}

const COLUMNS = `m.ordinal, m.user_id, m.role, m.join_time, ${READ_SEQ} AS read_seq, m.msg_flag, m.last_send_time, m.name_card,
  m.app_defined_data, (SELECT until FROM mute WHERE stream_id = m.stream_id AND user_id = m.user_id) AS mute_until`;

/** Senders whose standing is remembered; about 200 bytes each. */
const REMEMBERED = 20_000;

export interface Standing {
  readonly role: Role | null;
  /** Unix seconds; 0 = not muted. */
  readonly muteUntil: number;
  /** Unix seconds; 0 = not banned. */
  readonly bannedUntil: number;
}

/** What a member can be changed in besides his mute. */
export interface MemberProfile {
  readonly role: Role;
  readonly msgFlag: MsgFlag;
  readonly nameCard: string;
  readonly data: readonly KeyValue[];
}

export interface NewMember {
  readonly userId: string;
  readonly role: Role;
  readonly ordinal: number;
  /** Unix seconds. */
  readonly joinTime: number;
  /** Highest `MsgSeq` that counts as read. */
  readonly readSeq: number;
  readonly data: readonly KeyValue[];
}

/** Members and mutes. A mute is kept apart, for it outlasts the membership. */
export class Members {
  /** Of those who sent lately, by stream and user; `sentAt` is the last second written down. */
  readonly #standings = new BoundedMap<string, Standing & { sentAt: number }>(REMEMBERED);
  readonly #standing: Statement<{ role: Role | null; until: number | null; banned: number | null }>;
  readonly #isMember: Statement<{ one: 1 }>;
  readonly #insert;
  readonly #update;
  readonly #delete;
  readonly #sent;
  readonly #mute;
  readonly #unmute;
  readonly #ban;
  readonly #unban;
  readonly #groupsOf: Statement<{ n: number }>;
  readonly #streamsOf: Statement<{ stream_id: number }>;
  readonly #ids: Statement<{ user_id: string }>;
  readonly #page: Statement<MemberRow>;
  readonly #pageOfRoles: Statement<MemberRow>;
  readonly #one: Statement<MemberRow>;
  readonly #purge;
  readonly #purgeMutes;
  readonly #purgeBans;
  readonly #purgeMarks;

  constructor(db: DatabaseSync) {
    this.#standing = statement(
      db,
      `SELECT (SELECT role FROM member WHERE stream_id = ?1 AND user_id = ?2) AS role,
              (SELECT until FROM mute WHERE stream_id = ?1 AND user_id = ?2) AS until,
              (SELECT until FROM ban WHERE stream_id = ?1 AND user_id = ?2) AS banned`,
    );
    this.#isMember = statement(db, 'SELECT 1 AS one FROM member WHERE stream_id = ? AND user_id = ?');
    this.#insert = statement(
      db,
      `INSERT INTO member VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'AcceptAndNotify', 0, '', ?8, ${floorOf('?1')})`,
    );
    this.#update = statement(
      db,
      `UPDATE member SET role = coalesce(?3, role), msg_flag = coalesce(?4, msg_flag), name_card = coalesce(?5, name_card),
       app_defined_data = coalesce(?6, app_defined_data) WHERE stream_id = ?1 AND user_id = ?2`,
    );
    this.#delete = statement(db, 'DELETE FROM member WHERE stream_id = ? AND user_id = ?');
    this.#sent = statement(db, 'UPDATE member SET last_send_time = ? WHERE stream_id = ? AND user_id = ?');
    this.#mute = statement(
      db,
      'INSERT INTO mute VALUES (?1, ?2, ?3) ON CONFLICT (stream_id, user_id) DO UPDATE SET until = ?3',
    );
    this.#unmute = statement(db, 'DELETE FROM mute WHERE stream_id = ? AND user_id = ?');
    this.#ban = statement(
      db,
      `INSERT INTO ban VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (stream_id, user_id) DO UPDATE SET until = ?3, description = ?4`,
    );
    this.#unban = statement(db, 'DELETE FROM ban WHERE stream_id = ? AND user_id = ?');
    this.#groupsOf = statement(
      db,
      'SELECT count(*) AS n FROM (SELECT 1 FROM member WHERE app = ? AND user_id = ? LIMIT ?)',
    );
    this.#streamsOf = statement(
      db,
      'SELECT stream_id FROM member WHERE app = ? AND user_id = ? ORDER BY stream_id LIMIT ?',
    );
    this.#ids = statement(db, 'SELECT user_id FROM member WHERE stream_id = ? ORDER BY ordinal LIMIT ?');
    const page = `SELECT ${COLUMNS} FROM member m WHERE m.stream_id = ?1`;
    this.#page = statement(db, `${page} AND m.ordinal > ?4 ORDER BY m.ordinal LIMIT ?2 OFFSET ?3`);
    this.#pageOfRoles = statement(
      db,
      `${page} AND m.ordinal > ?4 AND m.role IN (SELECT value FROM json_each(?5)) ORDER BY m.ordinal LIMIT ?2 OFFSET ?3`,
    );
    this.#one = statement(db, `${page} AND m.user_id = ?2`);
    this.#purge = statement(
      db,
      `DELETE FROM member WHERE (stream_id, user_id) IN
       (SELECT stream_id, user_id FROM member WHERE stream_id = ? LIMIT ?)`,
    );
    this.#purgeMutes = statement(
      db,
      `DELETE FROM mute WHERE (stream_id, user_id) IN
       (SELECT stream_id, user_id FROM mute WHERE stream_id = ? LIMIT ?)`,
    );
    this.#purgeBans = statement(
      db,
      `DELETE FROM ban WHERE (stream_id, user_id) IN
       (SELECT stream_id, user_id FROM ban WHERE stream_id = ? LIMIT ?)`,
    );
    this.#purgeMarks = statement(
      db,
      `DELETE FROM topic_mark WHERE (stream_id, user_id) IN
       (SELECT stream_id, user_id FROM topic_mark WHERE stream_id = ? LIMIT ?)`,
    );
  }

  /** Role and mute of a user in a group, whether a member or not. */
  standing(streamId: number, userId: string): Standing {
    const key = keyOf(streamId, userId);
    const known = this.#standings.get(key);
    if (known !== undefined) return known;
    const row = this.#standing.get(streamId, userId);
    const standing = {
      role: row?.role ?? null,
      muteUntil: row?.until ?? 0,
      bannedUntil: row?.banned ?? 0,
      sentAt: 0,
    };
    this.#standings.set(key, standing);
    return standing;
  }

  isMember(streamId: number, userId: string): boolean {
    return this.#isMember.get(streamId, userId) !== undefined;
  }

  add(streamId: number, app: number, member: NewMember): void {
    const { userId, role, ordinal, joinTime, readSeq, data } = member;
    this.#standings.delete(keyOf(streamId, userId));
    this.#insert.run(streamId, userId, app, ordinal, role, joinTime, readSeq, JSON.stringify(data));
  }

  profile(streamId: number, userId: string): MemberProfile | undefined {
    const row = this.#one.get(streamId, userId);
    if (row === undefined) return undefined;
    const { role, msgFlag, nameCard, appDefinedData: data } = memberOf(row);
    return { role, msgFlag, nameCard, data };
  }

  update(streamId: number, userId: string, { role, msgFlag, nameCard, data }: Partial<MemberProfile>): void {
    this.#standings.delete(keyOf(streamId, userId));
    const fields = data === undefined ? null : JSON.stringify(data);
    this.#update.run(streamId, userId, role ?? null, msgFlag ?? null, nameCard ?? null, fields);
  }

  remove(streamId: number, userId: string): boolean {
    this.#standings.delete(keyOf(streamId, userId));
    return this.#delete.run(streamId, userId) > 0;
  }

  /** `time` in unix seconds: of several messages in one second the first is written down. */
  sent(streamId: number, userId: string, time: number): void {
    const known = this.#standings.get(keyOf(streamId, userId));
    if (known?.sentAt === time) return;
    this.#sent.run(time, streamId, userId);
    if (known !== undefined) known.sentAt = time;
  }

  /** `until` in unix seconds; 0 ends the mute. */
  mute(streamId: number, userId: string, until: number): void {
    this.#standings.delete(keyOf(streamId, userId));
    if (until === 0) this.#unmute.run(streamId, userId);
    else this.#mute.run(streamId, userId, until);
  }

  /** `until` in unix seconds; 0 ends the ban. */
  ban(streamId: number, userId: string, until: number, description: string): void {
    this.#standings.delete(keyOf(streamId, userId));
    if (until === 0) this.#unban.run(streamId, userId);
    else this.#ban.run(streamId, userId, until, description);
  }

  /** In how many groups the user is, counted up to `limit`. */
  groupsOf(app: number, userId: string, limit: number): number {
    return this.#groupsOf.get(app, userId, limit)?.n ?? 0;
  }

  /** The groups that the user is in, `limit` of them; disbanded ones among them. */
  streamsOf(app: number, userId: string, limit: number): number[] {
    return this.#streamsOf.all(app, userId, limit).map((row) => row.stream_id);
  }

  /** The first members, in join order. */
  ids(streamId: number, limit: number): string[] {
    return this.#ids.all(streamId, limit).map((row) => row.user_id);
  }

  /** In join order. */
  page(
    streamId: number,
    { roles, after = 0, offset, limit }: Omit<MembersQuery, 'app' | 'groupId'>,
  ): Omit<MembersPage, 'group'> {
    const rows =
      roles === undefined
        ? this.#page.all(streamId, limit + 1, offset, after)
        : this.#pageOfRoles.all(streamId, limit + 1, offset, after, JSON.stringify(roles));
    const page = rows.slice(0, limit);
    return { members: page.map(memberOf), last: page.at(-1)?.ordinal ?? 0, more: rows.length > limit };
  }

  get(streamId: number, userId: string): Member | undefined {
    const row = this.#one.get(streamId, userId);
    return row === undefined ? undefined : memberOf(row);
  }

  /** Removes up to `limit` members, mutes, bans and read marks of a disbanded group or topic; how many went. */
  purge(streamId: number, limit: number): number {
    let gone = this.#purge.run(streamId, limit);
    gone += this.#purgeMutes.run(streamId, limit - gone);
    gone += this.#purgeBans.run(streamId, limit - gone);
    return gone + this.#purgeMarks.run(streamId, limit - gone);
  }

  /** The batch was rolled back: nothing in memory can be trusted. */
  forget(): void {
    this.#standings.clear();
  }
}

function keyOf(streamId: number, userId: string): string {
  return `${streamId}/${userId}`;
}

function memberOf(row: MemberRow): Member {
  return {
    userId: row.user_id,
    role: row.role,
    joinTime: row.join_time,
    readSeq: row.read_seq,
    msgFlag: row.msg_flag,
    lastSendMsgTime: row.last_send_time,
    nameCard: row.name_card,
    muteUntil: row.mute_until ?? 0,
    appDefinedData: JSON.parse(row.app_defined_data) as KeyValue[],
  };
}
