import type { KeyValue, MsgFlag, Role } from '../../domain/group.ts';
import type { MemberProfile, Standing as MemberStanding, NewMember } from '../sqlite/members.ts';
import type { Common } from './common.ts';
import type { Groups } from './groups.ts';
import {
  ADD_MEMBER,
  BAN_MEMBER,
  MUTE_MEMBER,
  PURGED,
  PURGES,
  REMOVE_MEMBER,
  SENT_MEMBER,
  UNBAN_MEMBER,
  UNMUTE_MEMBER,
  UPDATE_MEMBER,
} from './member-writes.ts';
import { type Questions, question } from './questions.ts';
import { type Memory, Rows } from './rows.ts';
import { call, type Statement } from './statement.ts';
import type { Writes } from './writes.ts';

/** Users whose standing in a group is remembered; about 200 bytes each. */
const REMEMBERED = 20_000;
/** Into fewer groups than this others let a user between a question and the commit that was decided on its answer. */
const NEAR = 100;

interface Standing extends MemberStanding {
  /** The last second written down as that of a message. */
  readonly sentAt: number;
}

const STRANGER: Standing = { role: null, muteUntil: 0, bannedUntil: 0, sentAt: 0 };
const STANDING = question<[number, string], Standing>(
  `SELECT (SELECT role FROM member WHERE stream_id = $1 AND user_id = $2) AS role,
          (SELECT until FROM mute WHERE stream_id = $1 AND user_id = $2) AS until,
          (SELECT until FROM ban WHERE stream_id = $1 AND user_id = $2) AS banned`,
  STRANGER,
  ([row]) => ({
    role: (row?.role as Role | null) ?? null,
    muteUntil: (row?.until as number | null) ?? 0,
    bannedUntil: (row?.banned as number | null) ?? 0,
    sentAt: 0,
  }),
);
const PROFILE = question<[number, string], MemberProfile | null>(
  'SELECT role, msg_flag, name_card, app_defined_data FROM member WHERE stream_id = $1 AND user_id = $2',
  null,
  ([row]) =>
    row === undefined
      ? null
      : {
          role: row.role as Role,
          msgFlag: row.msg_flag as MsgFlag,
          nameCard: row.name_card as string,
          data: JSON.parse(row.app_defined_data as string) as KeyValue[],
        },
);
const IDS = question<[number, number], readonly string[]>(
  'SELECT user_id FROM member WHERE stream_id = $1 ORDER BY ordinal LIMIT $2',
  [],
  (rows) => rows.map((row) => row.user_id as string),
);
const GROUPS_OF = question<[number, string, number], number>(
  'SELECT count(*) AS n FROM (SELECT 1 FROM member WHERE app = $1 AND user_id = $2 LIMIT $3) AS m',
  0,
  ([row]) => Number(row?.n ?? 0),
);
const STREAMS_OF = question<[number, string, number], readonly number[]>(
  'SELECT stream_id FROM member WHERE app = $1 AND user_id = $2 ORDER BY stream_id LIMIT $3',
  [],
  (rows) => rows.map((row) => row.stream_id as number),
);
const COUNTS = question<[number, number], readonly number[]>(
  `SELECT ${PURGED.map((table) => `(SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE stream_id = $1 LIMIT $2) AS m) AS ${table}`).join(', ')}`,
  PURGED.map(() => 0),
  ([row]) => PURGED.map((table) => Number(row?.[table] ?? 0)),
);

/** Members and mutes. A mute is kept apart, for it outlasts the membership. */
export class Members implements Memory {
  readonly #questions: Questions;
  readonly #writes: Writes;
  readonly #common: Common;
  readonly #groups: Groups;
  /** By user, and the number under which the group's roster is remembered. */
  readonly #standings = new Rows<Standing>(REMEMBERED);
  /** Who came in this pass, and who went; and what was changed of members in it. */
  readonly #profiles = new Map<string, MemberProfile | null>();
  readonly #updates = new Map<string, Partial<MemberProfile>>();
  /** Groups that users have entered or left in this pass. */
  readonly #moved = new Map<string, number>();

  constructor(questions: Questions, writes: Writes, common: Common, groups: Groups) {
    this.#questions = questions;
    this.#writes = writes;
    this.#common = common;
    this.#groups = groups;
  }

  /** Role and mute of a user in a group, whether a member or not. */
  standing(streamId: number, userId: string): Standing {
    const key = this.#key(streamId, userId);
    const known = this.#standings.get(key);
    if (known !== undefined && known !== null) return known;
    if (this.#groups.isNew(streamId)) return STRANGER;
    const standing = this.#questions.ask(STANDING, streamId, userId);
    if (!this.#questions.open) this.#standings.learn(key, standing);
    return standing;
  }

  isMember(streamId: number, userId: string): boolean {
    return this.standing(streamId, userId).role !== null;
  }

  add(streamId: number, app: number, member: NewMember): void {
    const { userId, role, data } = member;
    const key = keyOf(streamId, userId);
    this.#change(streamId, userId, { role, sentAt: 0 });
    this.#move(app, userId, 1);
    this.#profiles.set(key, { role, msgFlag: 'AcceptAndNotify', nameCard: '', data });
    this.#writes.put(ADD_MEMBER, key, { ...member, streamId, app });
  }

  profile(streamId: number, userId: string): MemberProfile | undefined {
    const key = keyOf(streamId, userId);
    const moved = this.#profiles.get(key);
    const profile = moved === undefined ? this.#questions.ask(PROFILE, streamId, userId) : moved;
    return profile === null ? undefined : { ...profile, ...this.#updates.get(key) };
  }

  update(streamId: number, userId: string, changes: Partial<MemberProfile>): void {
    const key = keyOf(streamId, userId);
    this.#updates.set(key, { ...this.#updates.get(key), ...changes });
    if (changes.role === undefined) this.#groups.moved(streamId);
    else this.#change(streamId, userId, { role: changes.role });
    this.#writes.put(UPDATE_MEMBER, key, { ...changes, streamId, userId });
  }

  /** False when the user was no member. */
  remove(streamId: number, userId: string): boolean {
    const wasMember = this.isMember(streamId, userId);
    this.#change(streamId, userId, { role: null, sentAt: 0 });
    this.#profiles.set(keyOf(streamId, userId), null);
    this.#updates.delete(keyOf(streamId, userId));
    if (wasMember) this.#writes.put(REMOVE_MEMBER, keyOf(streamId, userId), { streamId, userId });
    return wasMember;
  }

  /** `time` in unix seconds: of several messages in one second the first is written down. */
  sent(streamId: number, userId: string, time: number): void {
    if (this.standing(streamId, userId).sentAt === time) return;
    this.#standings.set(this.#key(streamId, userId), { ...this.standing(streamId, userId), sentAt: time });
    this.#writes.put(SENT_MEMBER, keyOf(streamId, userId), { streamId, userId, at: time });
  }

  /** `until` in unix seconds; 0 ends the mute. */
  mute(streamId: number, userId: string, until: number): void {
    this.#change(streamId, userId, { muteUntil: until });
    if (until === 0) this.#writes.put(UNMUTE_MEMBER, keyOf(streamId, userId), { streamId, userId });
    else this.#writes.put(MUTE_MEMBER, keyOf(streamId, userId), { streamId, userId, until });
  }

  /** `until` in unix seconds; 0 ends the ban. */
  ban(streamId: number, userId: string, until: number, description: string): void {
    this.#change(streamId, userId, { bannedUntil: until });
    const key = keyOf(streamId, userId);
    if (until === 0) this.#writes.put(UNBAN_MEMBER, key, { streamId, userId });
    else this.#writes.put(BAN_MEMBER, key, { streamId, userId, until, description });
  }

  /** In how many groups the user is, counted up to `limit`. Near it nobody else may let the user into another group meanwhile. */
  groupsOf(app: number, userId: string, limit: number): number {
    const moved = this.#moved.get(`${app}/${userId}`) ?? 0;
    const groups = Math.min(limit, this.#questions.ask(GROUPS_OF, app, userId, limit) + moved);
    if (groups + NEAR >= limit) this.#common.needsAll();
    return groups;
  }

  /** The groups that the user is in, `limit` of them; disbanded ones among them. */
  streamsOf(app: number, userId: string, limit: number): number[] {
    return [...this.#questions.ask(STREAMS_OF, app, userId, limit)];
  }

  /** The first members, in join order; of a group that nothing else in its batch has changed. */
  ids(streamId: number, limit: number): string[] {
    return [...this.#questions.ask(IDS, streamId, limit)];
  }

  /** Removes up to `limit` members, mutes, bans and read marks of a disbanded group or topic; how many go. */
  purge(streamId: number, limit: number): number {
    const counts = this.#questions.ask(COUNTS, streamId, limit);
    let gone = 0;
    for (const [index, { table, rows }] of PURGES.entries()) {
      const some = Math.min(counts[index] ?? 0, limit - gone);
      this.#purge(rows, table, streamId, some);
      gone += some;
    }
    return gone;
  }

  discard(): void {
    this.#standings.discard();
    this.#profiles.clear();
    this.#updates.clear();
    this.#moved.clear();
  }

  keep(): void {
    this.#standings.keep();
    this.#profiles.clear();
    this.#updates.clear();
    this.#moved.clear();
  }

  forget(): void {
    this.#standings.forget();
    this.#profiles.clear();
    this.#updates.clear();
    this.#moved.clear();
  }

  #key(streamId: number, userId: string): string {
    return `${this.#groups.remembered(streamId)?.roster ?? -streamId}/${userId}`;
  }

  #purge(of: Statement, table: string, streamId: number, limit: number): void {
    if (limit > 0) this.#writes.add({ table, call: () => call(of, streamId, limit) }, streamId);
  }

  #change(streamId: number, userId: string, changes: Partial<Standing>): void {
    this.#groups.moved(streamId);
    this.#standings.set(this.#key(streamId, userId), { ...this.standing(streamId, userId), ...changes });
  }

  #move(app: number, userId: string, by: number): void {
    const key = `${app}/${userId}`;
    this.#moved.set(key, (this.#moved.get(key) ?? 0) + by);
  }
}

function keyOf(streamId: number, userId: string): string {
  return `${streamId}/${userId}`;
}
