import type { KeyValue, Role } from '../../domain/group.ts';
import { int8s, texts } from './arrays.ts';
import { type Questions, question } from './questions.ts';
import { type Memory, Rows } from './rows.ts';
import { call, type Statement, statement } from './statement.ts';
import type { Write, Writes } from './writes.ts';

/** Users whose standing in a group is remembered; about 200 bytes each. */
const REMEMBERED = 20_000;

interface Standing {
  readonly role: Role | null;
  /** Unix seconds; 0 = not muted. */
  readonly muteUntil: number;
  /** The last second written down as that of a message. */
  readonly sentAt: number;
}

interface Place {
  readonly streamId: number;
  readonly userId: string;
}

interface NewMember extends Place {
  readonly app: number;
  readonly role: Role;
  readonly ordinal: number;
  readonly joinTime: number;
  readonly data: string;
}

const STANDING = question<[number, string], Standing>(
  `SELECT (SELECT role FROM member WHERE stream_id = $1 AND user_id = $2) AS role,
          (SELECT until FROM mute WHERE stream_id = $1 AND user_id = $2) AS until`,
  { role: null, muteUntil: 0, sentAt: 0 },
  ([row]) => ({
    role: (row?.role as Role | null) ?? null,
    muteUntil: (row?.until as number | null) ?? 0,
    sentAt: 0,
  }),
);
const GROUPS_OF = question<[number, string, number], number>(
  'SELECT count(*) AS n FROM (SELECT 1 FROM member WHERE app = $1 AND user_id = $2 LIMIT $3) AS m',
  0,
  ([row]) => Number(row?.n ?? 0),
);
const STREAMS_OF = question<[number, string], readonly number[]>(
  'SELECT stream_id FROM member WHERE app = $1 AND user_id = $2 ORDER BY stream_id',
  [],
  (rows) => rows.map((row) => row.stream_id as number),
);
const COUNTS = question<[number, number], { readonly members: number; readonly mutes: number }>(
  `SELECT (SELECT count(*) FROM (SELECT 1 FROM member WHERE stream_id = $1 LIMIT $2) AS m) AS members,
          (SELECT count(*) FROM (SELECT 1 FROM mute WHERE stream_id = $1 LIMIT $2) AS m) AS mutes`,
  { members: 0, mutes: 0 },
  ([row]) => ({ members: Number(row?.members ?? 0), mutes: Number(row?.mutes ?? 0) }),
);

const PLACES = 'unnest($1::int8[], $2::text[]) AS x (stream_id, user_id)';
const THERE = 't.stream_id = x.stream_id AND t.user_id = x.user_id';
const ADD_ROWS = statement(
  `INSERT INTO member SELECT x.stream_id, x.user_id, x.app, x.ordinal, x.role, x.join_time, 0, 'AcceptAndNotify', 0, '', x.data
   FROM unnest($1::int8[], $2::text[], $3::int8[], $4::int8[], $5::text[], $6::int8[], $7::text[])
     AS x (stream_id, user_id, app, ordinal, role, join_time, data)`,
);
const REMOVE_ROWS = statement(`DELETE FROM member t USING ${PLACES} WHERE ${THERE}`);
const SENT_ROWS = statement(
  `UPDATE member t SET last_send_time = x.at
   FROM unnest($1::int8[], $2::text[], $3::int8[]) AS x (stream_id, user_id, at) WHERE ${THERE}`,
);
const MUTE_ROWS = statement(
  `INSERT INTO mute SELECT * FROM unnest($1::int8[], $2::text[], $3::int8[])
   ON CONFLICT (stream_id, user_id) DO UPDATE SET until = excluded.until`,
);
const UNMUTE_ROWS = statement(`DELETE FROM mute t USING ${PLACES} WHERE ${THERE}`);
const PURGE_ROWS = (table: string): Statement =>
  statement(
    `DELETE FROM ${table} WHERE (stream_id, user_id) IN (SELECT stream_id, user_id FROM ${table} WHERE stream_id = $1 LIMIT $2)`,
  );
const PURGE_MEMBERS = PURGE_ROWS('member');
const PURGE_MUTES = PURGE_ROWS('mute');

const ADD: Write<NewMember> = {
  table: 'member',
  call: (items) =>
    call(
      ADD_ROWS,
      ...placesOf(items),
      int8s(items.map(({ app }) => app)),
      int8s(items.map(({ ordinal }) => ordinal)),
      texts(items.map(({ role }) => role)),
      int8s(items.map(({ joinTime }) => joinTime)),
      texts(items.map(({ data }) => data)),
    ),
};
const REMOVE: Write<Place> = { table: 'member', call: (items) => call(REMOVE_ROWS, ...placesOf(items)) };
const SENT: Write<Place & { readonly at: number }> = {
  table: 'member',
  replaces: true,
  call: (items) => call(SENT_ROWS, ...placesOf(items), int8s(items.map(({ at }) => at))),
};
const MUTE: Write<Place & { readonly until: number }> = {
  table: 'mute',
  replaces: true,
  call: (items) => call(MUTE_ROWS, ...placesOf(items), int8s(items.map(({ until }) => until))),
};
const UNMUTE: Write<Place> = { table: 'mute', call: (items) => call(UNMUTE_ROWS, ...placesOf(items)) };

/** Members and mutes. A mute is kept apart, for it outlasts the membership. */
export class Members implements Memory {
  readonly #questions: Questions;
  readonly #writes: Writes;
  readonly #standings = new Rows<Standing>(REMEMBERED);
  /** Groups that users have entered or left in this pass. */
  readonly #moved = new Map<string, number>();

  constructor(questions: Questions, writes: Writes) {
    this.#questions = questions;
    this.#writes = writes;
  }

  /** Role and mute of a user in a group, whether a member or not. */
  standing(streamId: number, userId: string): Standing {
    const key = keyOf(streamId, userId);
    const known = this.#standings.get(key);
    if (known !== undefined && known !== null) return known;
    const standing = this.#questions.ask(STANDING, streamId, userId);
    if (!this.#questions.open) this.#standings.learn(key, standing);
    return standing;
  }

  isMember(streamId: number, userId: string): boolean {
    return this.standing(streamId, userId).role !== null;
  }

  add(
    streamId: number,
    app: number,
    member: { userId: string; role: Role; ordinal: number; joinTime: number; data: readonly KeyValue[] },
  ): void {
    const { userId, role, ordinal, joinTime } = member;
    this.#change(streamId, userId, { role, sentAt: 0 });
    this.#move(app, userId, 1);
    const data = JSON.stringify(member.data);
    this.#writes.put(ADD, keyOf(streamId, userId), { streamId, userId, app, role, ordinal, joinTime, data });
  }

  /** False when the user was no member. */
  remove(streamId: number, userId: string): boolean {
    const wasMember = this.isMember(streamId, userId);
    this.#change(streamId, userId, { role: null, sentAt: 0 });
    if (wasMember) this.#writes.put(REMOVE, keyOf(streamId, userId), { streamId, userId });
    return wasMember;
  }

  /** `time` in unix seconds: of several messages in one second the first is written down. */
  sent(streamId: number, userId: string, time: number): void {
    if (this.standing(streamId, userId).sentAt === time) return;
    this.#change(streamId, userId, { sentAt: time });
    this.#writes.put(SENT, keyOf(streamId, userId), { streamId, userId, at: time });
  }

  /** `until` in unix seconds; 0 ends the mute. */
  mute(streamId: number, userId: string, until: number): void {
    this.#change(streamId, userId, { muteUntil: until });
    if (until === 0) this.#writes.put(UNMUTE, keyOf(streamId, userId), { streamId, userId });
    else this.#writes.put(MUTE, keyOf(streamId, userId), { streamId, userId, until });
  }

  /** In how many groups the user is, counted up to `limit`. */
  groupsOf(app: number, userId: string, limit: number): number {
    const moved = this.#moved.get(`${app}/${userId}`) ?? 0;
    return Math.min(limit, this.#questions.ask(GROUPS_OF, app, userId, limit) + moved);
  }

  streamsOf(app: number, userId: string): number[] {
    return [...this.#questions.ask(STREAMS_OF, app, userId)];
  }

  /** Removes up to `limit` members and mutes of a disbanded group; how many go. */
  purge(streamId: number, limit: number): number {
    const counts = this.#questions.ask(COUNTS, streamId, limit);
    const mutes = Math.min(counts.mutes, limit - counts.members);
    this.#purge(PURGE_MEMBERS, 'member', streamId, counts.members);
    this.#purge(PURGE_MUTES, 'mute', streamId, mutes);
    return counts.members + mutes;
  }

  discard(): void {
    this.#standings.discard();
    this.#moved.clear();
  }

  keep(): void {
    this.#standings.keep();
    this.#moved.clear();
  }

  forget(): void {
    this.#standings.forget();
    this.#moved.clear();
  }

  #purge(of: Statement, table: string, streamId: number, limit: number): void {
    if (limit > 0) this.#writes.add({ table, call: () => call(of, streamId, limit) }, streamId);
  }

  #change(streamId: number, userId: string, changes: Partial<Standing>): void {
    this.#standings.set(keyOf(streamId, userId), { ...this.standing(streamId, userId), ...changes });
  }

  #move(app: number, userId: string, by: number): void {
    const key = `${app}/${userId}`;
    this.#moved.set(key, (this.#moved.get(key) ?? 0) + by);
  }
}

function keyOf(streamId: number, userId: string): string {
  return `${streamId}/${userId}`;
}

function placesOf(items: readonly Place[]): [Buffer, Buffer] {
  return [int8s(items.map(({ streamId }) => streamId)), texts(items.map(({ userId }) => userId))];
}
