import type { GroupType } from '@confab-im/protocol';
import type { AccountStanding } from '../../domain/account.ts';
import type { Group, KeyValue, Member, MsgFlag, Role } from '../../domain/group.ts';
import { LAG_PAGE, type LagPage, type LagQuery, type StreamName } from '../lag.ts';
import { LAG_COUNT_LIMIT } from '../pipeline-reads.ts';
import { LONGEST_RUN } from '../restored.ts';
import { attributesOf, countersOf } from '../sqlite/apply/group-values.ts';
import { liveMembersOf } from '../sqlite/apply/live-members.ts';
import { customStringOf } from '../sqlite/apply/topics.ts';
import type { GroupValueName } from '../sqlite/group-values.ts';
import { type LagRow, lagPage } from '../sqlite/lag-reader.ts';
import { READ_SEQ, topicReadSeq } from '../sqlite/read-marks.ts';
import type {
  AttributesOfGroup,
  CountersOfGroup,
  GroupIdsPage,
  GroupIdsQuery,
  GroupQuery,
  HistoryPage,
  HistoryQuery,
  JoinedGroupsPage,
  JoinedGroupsQuery,
  LiveMembersOfGroup,
  MembersPage,
  MembersQuery,
  PlaceQuery,
  RestrictedPage,
  RestrictedQuery,
  RolesPage,
  RolesQuery,
  StoredMessage,
  TopicsOfGroup,
  TopicsQuery,
} from '../store.ts';
import { texts } from './arrays.ts';
import { GROUP_COLUMNS, groupOf } from './known-group.ts';
import type { Pool } from './pool.ts';
import { type Row, statement } from './statement.ts';

const FROM = 'FROM chat_group g JOIN stream s ON s.id = g.stream_id';
const LIVE = `SELECT ${GROUP_COLUMNS} ${FROM} WHERE g.topic_of IS NULL AND g.app = $1 AND g.group_id`;
const GROUP = statement(`${LIVE} = $2 AND g.destroyed_at IS NULL`);
const GROUPS = statement(`${LIVE} = ANY ($2::text[]) AND g.destroyed_at IS NULL`);
const IMPORTED = statement('SELECT user_id FROM account WHERE app = $1 AND user_id = ANY ($2::text[])');
const FACES = statement(
  'SELECT user_id, nick, face_url FROM account WHERE app = $1 AND user_id = ANY ($2::text[])',
);
const STANDING = statement(
  `SELECT c2c_mute_until AS "c2cMuteUntil", group_mute_until AS "groupMuteUntil", sigs_from AS "sigsFrom"
   FROM account WHERE app = $1 AND user_id = $2`,
);
const GROUP_IDS = statement(
  `SELECT stream_id, group_id FROM chat_group
   WHERE app + 0 = $1 AND stream_id > $2 AND destroyed_at IS NULL AND topic_of IS NULL AND ($4::text IS NULL OR type = $4) ORDER BY stream_id LIMIT $3`,
);
const GROUP_COUNT = statement(
  'SELECT coalesce(sum(groups), 0) AS n FROM group_count WHERE app = $1 AND ($2::text IS NULL OR type = $2)',
);
const MEMBER_COLUMNS = `m.ordinal, m.user_id, m.role, m.join_time, ${READ_SEQ} AS read_seq, m.msg_flag, m.last_send_time, m.name_card,
  m.app_defined_data AS member_data, (SELECT until FROM mute WHERE stream_id = m.stream_id AND user_id = m.user_id) AS mute_until`;
const MEMBERS = statement(
  `SELECT ${MEMBER_COLUMNS} FROM member m WHERE m.stream_id = $1 AND m.ordinal > $5 AND ($4::text[] IS NULL OR m.role = ANY ($4::text[]))
   ORDER BY m.ordinal LIMIT $2 OFFSET $3`,
);
const ROLES = statement(
  'SELECT user_id, role FROM member WHERE stream_id = $1 AND user_id = ANY ($2::text[])',
);
const restricted = (table: RestrictedQuery['kind']) =>
  statement(
    `SELECT user_id AS "userId", until FROM ${table} WHERE stream_id = $1 AND until > $2 ORDER BY user_id COLLATE "C" LIMIT $3 OFFSET $4`,
  );
const RESTRICTED = { mute: restricted('mute'), ban: restricted('ban') };
const JOINED = `FROM member m JOIN chat_group g ON g.stream_id = m.stream_id AND g.destroyed_at IS NULL
  JOIN stream s ON s.id = g.stream_id
  WHERE m.app = $1 AND m.user_id = $2 AND ($3::text IS NULL OR g.type = $3) AND ($4::bool IS NULL OR g.support_topic = $4)
    AND ($5::bool OR s.active) AND ($6::bool OR g.type <> 'AVChatRoom')`;
const JOINED_COUNT = statement(`SELECT count(*) AS n ${JOINED}`);
const JOINED_PAGE = statement(
  `SELECT ${GROUP_COLUMNS}, ${MEMBER_COLUMNS} ${JOINED} ORDER BY g.stream_id LIMIT $7 OFFSET $8`,
);
const GROUP_VALUE = statement(
  `SELECT ${GROUP_COLUMNS}, (SELECT value FROM group_value v WHERE v.stream_id = g.stream_id AND v.name = $3) AS group_value
   ${FROM} WHERE g.app = $1 AND g.group_id = $2 AND g.destroyed_at IS NULL AND g.topic_of IS NULL`,
);
const ONE_MEMBER = statement(
  `SELECT ${MEMBER_COLUMNS} FROM member m WHERE m.stream_id = $1 AND m.user_id = $2`,
);
const TOPIC = statement(
  `SELECT ${GROUP_COLUMNS} ${FROM} WHERE g.app = $1 AND g.topic_of = $2 AND g.group_id = $3 AND g.destroyed_at IS NULL`,
);
const TOPICS = statement(
  `SELECT ${GROUP_COLUMNS}, (SELECT value FROM group_value v WHERE v.stream_id = g.stream_id AND v.name = 'topic') AS custom,
     (SELECT until FROM mute m WHERE m.stream_id = g.stream_id AND m.user_id = $4) AS muted_until,
     ${topicReadSeq('g.stream_id', '$4')} AS read_seq
   ${FROM} WHERE g.app = $1 AND g.topic_of = $2 AND g.destroyed_at IS NULL AND ($3::text[] IS NULL OR g.group_id = ANY ($3::text[]))
   ORDER BY g.stream_id`,
);
const HISTORY = statement(
  `SELECT msg_seq, time, sender, random, priority, state, tip, body, cloud_custom_data FROM message
   WHERE stream_id = $1 AND msg_seq <= $2 AND msg_seq > $3 ORDER BY msg_seq DESC`,
);
const LAG = statement(
  `SELECT l.stream_id AS "streamId", coalesce(g.topic_of, g.group_id) AS "groupId",
     CASE WHEN g.topic_of IS NOT NULL THEN g.group_id END AS "topicId",
     greatest(0, CASE WHEN s.head - l.cursor < ${LONGEST_RUN} THEN s.head - l.cursor ELSE (SELECT count(*) FROM (SELECT 1 FROM log r
         WHERE r.stream_id = l.stream_id AND r.log_seq > l.cursor LIMIT ${LAG_COUNT_LIMIT}) c) END
       - CASE WHEN l.acked IS NULL THEN 0 ELSE json_array_length(l.acked::json) END) AS events,
     (SELECT r.time FROM log r WHERE r.stream_id = l.stream_id AND r.log_seq > l.cursor ORDER BY r.log_seq LIMIT 1) AS "oldestAt"
   FROM lane l JOIN stream s ON s.id = l.stream_id LEFT JOIN chat_group g ON g.stream_id = l.stream_id
   WHERE l.endpoint_id = $1 AND l.stream_id > $2 ORDER BY l.stream_id LIMIT ${LAG_PAGE}`,
);

/** What the REST API reads. */
export class Queries {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async accountsImported(app: number, userIds: readonly string[]): Promise<boolean[]> {
    if (userIds.length === 0) return [];
    const rows = await this.#pool.rows<{ user_id: string }>(IMPORTED, app, texts(userIds));
    const imported = new Set(rows.map((row) => row.user_id));
    return userIds.map((userId) => imported.has(userId));
  }

  async accountStanding(app: number, userId: string): Promise<AccountStanding | undefined> {
    const [standing] = await this.#pool.rows<AccountStanding>(STANDING, app, userId);
    return standing;
  }

  async groups(app: number, groupIds: readonly string[]): Promise<(Group | undefined)[]> {
    if (groupIds.length === 0) return [];
    const rows = await this.#pool.rows<Row>(GROUPS, app, texts(groupIds));
    const groups = new Map(rows.map((row) => [row.group_id, groupOf(row)]));
    return groupIds.map((groupId) => groups.get(groupId));
  }

  async groupIds({ app, type, after, limit }: GroupIdsQuery): Promise<GroupIdsPage> {
    const rows = await this.#pool.rows<{ stream_id: number; group_id: string }>(
      GROUP_IDS,
      app,
      after,
      limit,
      type ?? null,
    );
    const last = rows.at(-1);
    return {
      total: await this.#countOf(app, type),
      groupIds: rows.map((row) => row.group_id),
      next: last !== undefined && rows.length === limit ? last.stream_id : 0,
    };
  }

  async joinedGroups(query: JoinedGroupsQuery): Promise<JoinedGroupsPage> {
    const { app, userId, type, supportTopic, withInactive, withHuge, offset, limit } = query;
    const which = [app, userId, type ?? null, supportTopic ?? null, withInactive, withHuge] as const;
    const [total, rows] = await Promise.all([
      this.#pool.rows<{ n: number }>(JOINED_COUNT, ...which),
      this.#pool.rows<Row>(JOINED_PAGE, ...which, limit, offset),
    ]);
    const groups = rows.map((row) => ({ group: groupOf(row), self: memberOf(row) }));
    return { total: total[0]?.n ?? 0, groups };
  }

  async members(query: MembersQuery): Promise<MembersPage | undefined> {
    const { app, groupId, roles, after = 0, offset, limit } = query;
    const group = await this.#group(app, groupId);
    if (group === undefined) return undefined;
    const of = roles === undefined ? null : texts(roles);
    const rows = await this.#pool.rows<Row>(MEMBERS, group.streamId, limit + 1, offset, of, after);
    const page = rows.slice(0, limit);
    const last = (page.at(-1)?.ordinal as number | undefined) ?? 0;
    return { group, members: page.map(memberOf), last, more: rows.length > limit };
  }

  async roles({ app, groupId, userIds }: RolesQuery): Promise<RolesPage | undefined> {
    const group = await this.#group(app, groupId);
    if (group === undefined) return undefined;
    const rows = await this.#pool.rows<{ user_id: string; role: Role }>(
      ROLES,
      group.streamId,
      texts(userIds),
    );
    const roles = new Map(rows.map((row) => [row.user_id, row.role]));
    return { group, roles: userIds.map((userId) => roles.get(userId) ?? null) };
  }

  async restricted(query: RestrictedQuery): Promise<RestrictedPage | undefined> {
    const { kind, now, offset, limit, ...place } = query;
    const group = await this.#place(place);
    if (group === undefined) return undefined;
    const rows = await this.#pool.rows<{ userId: string; until: number }>(
      RESTRICTED[kind],
      group.streamId,
      now,
      limit + 1,
      offset,
    );
    return { group, users: rows.slice(0, limit), more: rows.length > limit };
  }

  async history({ fromMsgSeq, limit, ...place }: HistoryQuery): Promise<HistoryPage | undefined> {
    const group = await this.#place(place);
    if (group === undefined) return undefined;
    const newest = group.nextMsgSeq - 1;
    const from = fromMsgSeq === 0 ? newest : Math.min(fromMsgSeq, newest);
    const rows = await this.#pool.rows<Row>(HISTORY, group.streamId, from, from - limit);
    return { group, messages: rows.map(messageOf) };
  }

  async liveMembers(query: GroupQuery): Promise<LiveMembersOfGroup | undefined> {
    const found = await this.#value(query, 'live');
    if (found === undefined) return undefined;
    const live = liveMembersOf(found.value);
    const userIds = texts(live.map(({ userId }) => userId));
    const rows = live.length === 0 ? [] : await this.#pool.rows<Row>(FACES, query.app, userIds);
    const faces = new Map(rows.map((row) => [row.user_id, row]));
    const members = live.flatMap((member) => {
      const face = faces.get(member.userId);
      return face === undefined
        ? []
        : [{ ...member, nick: face.nick as string, faceUrl: face.face_url as string }];
    });
    return { group: found.group, members };
  }

  async attributes(query: GroupQuery): Promise<AttributesOfGroup | undefined> {
    const found = await this.#value(query, 'attributes');
    return found && { group: found.group, attributes: attributesOf(found.value) };
  }

  async counters(query: GroupQuery): Promise<CountersOfGroup | undefined> {
    const found = await this.#value(query, 'counters');
    return found && { group: found.group, counters: countersOf(found.value) };
  }

  async #value(
    { app, groupId }: GroupQuery,
    name: GroupValueName,
  ): Promise<{ readonly group: Group; readonly value: string | undefined } | undefined> {
    const [row] = await this.#pool.rows<Row>(GROUP_VALUE, app, groupId, name);
    return row && { group: groupOf(row), value: (row.group_value as string | null) ?? undefined };
  }

  async lag({ endpointId, after }: LagQuery): Promise<LagPage> {
    const rows = await this.#pool.rows<LagRow & { groupId: string | null; topicId: string | null }>(
      LAG,
      endpointId,
      after,
    );
    const names = new Map(rows.map((row) => [row.streamId, nameOf(row)]));
    const lanes = rows.map(({ streamId, events, oldestAt }) => ({ streamId, events, oldestAt }));
    return lagPage(lanes, (streamId) => names.get(streamId) ?? { groupId: '' });
  }

  async topics({ app, groupId, topicIds, userId }: TopicsQuery): Promise<TopicsOfGroup | undefined> {
    const group = await this.#group(app, groupId);
    if (group === undefined) return undefined;
    const [member] =
      userId === undefined ? [] : await this.#pool.rows<Row>(ONE_MEMBER, group.streamId, userId);
    const wanted = topicIds === undefined ? null : texts(topicIds);
    const rows = await this.#pool.rows<Row>(TOPICS, app, groupId, wanted, userId ?? '');
    return {
      group,
      ...(member && { member: memberOf(member) }),
      topics: rows.map((row) => ({
        topic: groupOf(row),
        customString: customStringOf((row.custom as string | null) ?? undefined),
        muteUntil: (row.muted_until as number | null) ?? 0,
        readSeq: userId === undefined ? 0 : (row.read_seq as number),
      })),
    };
  }

  async #group(app: number, groupId: string): Promise<Group | undefined> {
    const [row] = await this.#pool.rows<Row>(GROUP, app, groupId);
    return row === undefined ? undefined : groupOf(row);
  }

  async #place({ app, groupId, topicId }: PlaceQuery): Promise<Group | undefined> {
    if (topicId === undefined) return this.#group(app, groupId);
    const [row] = await this.#pool.rows<Row>(TOPIC, app, groupId, topicId);
    return row === undefined ? undefined : groupOf(row);
  }

  async #countOf(app: number, type: GroupType | undefined): Promise<number> {
    const [row] = await this.#pool.rows<{ n: number }>(GROUP_COUNT, app, type ?? null);
    return row?.n ?? 0;
  }
}

function nameOf({ groupId, topicId }: { groupId: string | null; topicId: string | null }): StreamName {
  return { groupId: groupId ?? '', ...(topicId !== null && { topicId }) };
}

function memberOf(row: Row): Member {
  return {
    userId: row.user_id as string,
    role: row.role as Role,
    joinTime: row.join_time as number,
    readSeq: row.read_seq as number,
    msgFlag: row.msg_flag as MsgFlag,
    lastSendMsgTime: row.last_send_time as number,
    nameCard: row.name_card as string,
    muteUntil: (row.mute_until as number | null) ?? 0,
    appDefinedData: JSON.parse(row.member_data as string) as KeyValue[],
  };
}

function messageOf(row: Row): StoredMessage {
  return {
    msgSeq: row.msg_seq as number,
    msgTime: Math.floor((row.time as number) / 1000),
    sender: row.sender as string,
    random: row.random as number,
    priority: row.priority as StoredMessage['priority'],
    state: row.state as StoredMessage['state'],
    tip: row.tip as boolean,
    msgBodyJson: row.body as string,
    ...(row.cloud_custom_data === null ? {} : { cloudCustomData: row.cloud_custom_data as string }),
  };
}
