import type { DatabaseSync } from 'node:sqlite';
import type { Group, Role } from '../../domain/group.ts';
import { type AuditRow, type JobRow, LANES_COUNT_LIMIT, type StoreStats } from '../pipeline-reads.ts';
import type {
  AttributesOfGroup,
  CountersOfGroup,
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
  TopicsOfGroup,
  TopicsQuery,
} from '../store.ts';
import { attributesOf, countersOf } from './apply/group-values.ts';
import { liveMembersOf } from './apply/live-members.ts';
import { customStringOf } from './apply/topics.ts';
import { withoutNulls } from './overview.ts';
import { type Statement, statement } from './statement.ts';
import type { SqliteTables } from './tables.ts';

/** What is read for the REST API, and of the store as a whole. */
export class Queries {
  readonly #tables: SqliteTables;
  readonly #joined: Statement<{ stream_id: number }>;
  readonly #roles: Statement<{ user_id: string; role: Role }>;
  readonly #restricted: Readonly<
    Record<RestrictedQuery['kind'], Statement<{ userId: string; until: number }>>
  >;
  readonly #audit: Statement<AuditRow>;
  readonly #insertAudit;
  readonly #stats: Statement<{ schemaVersion: number; databaseBytes: number }>;
  readonly #groups: Statement<{ n: number }>;
  readonly #lanesBehind: Statement<StoreStats['lanesBehind'][number]>;
  readonly #openLetters: Statement<StoreStats['deadLetters'][number]>;

  constructor(db: DatabaseSync, tables: SqliteTables) {
    this.#tables = tables;
    this.#joined = statement(
      db,
      `SELECT m.stream_id FROM member m JOIN chat_group g ON g.stream_id = m.stream_id AND g.destroyed_at IS NULL
       WHERE m.app = ? AND m.user_id = ? ORDER BY m.stream_id`,
    );
    this.#roles = statement(
      db,
      `SELECT m.user_id, m.role FROM json_each(?2) u JOIN member m ON m.stream_id = ?1 AND m.user_id = u.value`,
    );
    const restricted = (table: RestrictedQuery['kind']) =>
      statement<{ userId: string; until: number }>(
        db,
        `SELECT user_id AS userId, until FROM ${table} WHERE stream_id = ? AND until > ? ORDER BY user_id LIMIT ? OFFSET ?`,
      );
    this.#restricted = { mute: restricted('mute'), ban: restricted('ban') };
    this.#audit = statement(db, 'SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?');
    this.#insertAudit = statement(db, 'INSERT INTO audit VALUES (NULL, ?, ?, ?, ?, ?, ?)');
    this.#stats = statement(
      db,
      `SELECT v.user_version AS schemaVersion, c.page_count * s.page_size AS databaseBytes
       FROM pragma_user_version v, pragma_page_count c, pragma_page_size s`,
    );
    this.#groups = statement(db, 'SELECT coalesce(sum(groups), 0) AS n FROM group_count');
    this.#lanesBehind = statement(
      db,
      `SELECT e.app, e.name AS endpoint,
         (SELECT count(*) FROM (SELECT 1 FROM lane l WHERE l.endpoint_id = e.id LIMIT ${LANES_COUNT_LIMIT})) AS lanes,
         (SELECT min(l.due_at) FROM lane l WHERE l.endpoint_id = e.id) AS oldestDueAt
       FROM endpoint e WHERE e.deleted_at IS NULL ORDER BY e.id`,
    );
    this.#openLetters = statement(
      db,
      `SELECT e.app, e.name AS endpoint, count(*) AS open FROM dead_letter d JOIN endpoint e ON e.id = d.endpoint_id
       WHERE d.replayed_at IS NULL GROUP BY e.app, e.name`,
    );
  }

  joinedGroups(query: JoinedGroupsQuery): JoinedGroupsPage {
    const groups: Group[] = [];
    for (const { stream_id: streamId } of this.#joined.all(query.app, query.userId)) {
      const group = this.#tables.groups.byStream(streamId);
      if (group !== undefined && isWanted(group, query)) groups.push(group);
    }
    const page = groups.slice(query.offset, query.offset + query.limit).flatMap((group) => {
      const self = this.#tables.members.get(group.streamId, query.userId);
      return self === undefined ? [] : [{ group, self }];
    });
    return { total: groups.length, groups: page };
  }

  members({ app, groupId, ...query }: MembersQuery): MembersPage | undefined {
    const group = this.#tables.groups.get(app, groupId)?.group;
    return group && { group, ...this.#tables.members.page(group.streamId, query) };
  }

  roles({ app, groupId, userIds }: RolesQuery): RolesPage | undefined {
    const group = this.#tables.groups.get(app, groupId)?.group;
    if (group === undefined) return undefined;
    const rows = this.#roles.all(group.streamId, JSON.stringify(userIds));
    const roles = new Map(rows.map((row) => [row.user_id, row.role]));
    return { group, roles: userIds.map((userId) => roles.get(userId) ?? null) };
  }

  restricted({ kind, now, offset, limit, ...place }: RestrictedQuery): RestrictedPage | undefined {
    const group = this.#place(place);
    if (group === undefined) return undefined;
    const rows = this.#restricted[kind].all(group.streamId, now, limit + 1, offset);
    return { group, users: rows.slice(0, limit).map(withoutNulls), more: rows.length > limit };
  }

  history({ fromMsgSeq, limit, ...place }: HistoryQuery): HistoryPage | undefined {
    const group = this.#place(place);
    if (group === undefined) return undefined;
    const newest = group.nextMsgSeq - 1;
    const from = fromMsgSeq === 0 ? newest : Math.min(fromMsgSeq, newest);
    return { group, messages: this.#tables.log.history(group.streamId, from, from - limit) };
  }

  #place({ app, groupId, topicId }: PlaceQuery): Group | undefined {
    const { groups } = this.#tables;
    const place = topicId === undefined ? groups.get(app, groupId) : groups.topic(app, topicId);
    return place?.group.groupId === groupId ? place.group : undefined;
  }

  topics({ app, groupId, topicIds, userId }: TopicsQuery): TopicsOfGroup | undefined {
    const { groups, members, readMarks, values } = this.#tables;
    const group = groups.get(app, groupId)?.group;
    if (group === undefined) return undefined;
    const member = userId === undefined ? undefined : members.get(group.streamId, userId);
    const wanted = topicIds && new Set(topicIds);
    const ids = groups.topicIds(app, groupId).filter((id) => wanted?.has(id) ?? true);
    const topics = ids.flatMap((id) => groups.topic(app, id)?.group ?? []);
    return {
      group,
      ...(member && { member }),
      topics: topics.map((topic) => ({
        topic,
        customString: customStringOf(values.get(topic.streamId, 'topic')),
        muteUntil: userId === undefined ? 0 : members.standing(topic.streamId, userId).muteUntil,
        readSeq: userId === undefined ? 0 : readMarks.inTopic(topic.streamId, userId),
      })),
    };
  }

  liveMembers({ app, groupId }: GroupQuery): LiveMembersOfGroup | undefined {
    const { groups, values, accounts } = this.#tables;
    const group = groups.get(app, groupId)?.group;
    if (group === undefined) return undefined;
    const members = liveMembersOf(values.get(group.streamId, 'live')).flatMap((member) => {
      const account = accounts.get(app, member.userId);
      return account === undefined ? [] : [{ ...member, nick: account.nick, faceUrl: account.face_url }];
    });
    return { group, members };
  }

  attributes({ app, groupId }: GroupQuery): AttributesOfGroup | undefined {
    const group = this.#tables.groups.get(app, groupId)?.group;
    if (group === undefined) return undefined;
    return { group, attributes: attributesOf(this.#tables.values.get(group.streamId, 'attributes')) };
  }

  counters({ app, groupId }: GroupQuery): CountersOfGroup | undefined {
    const group = this.#tables.groups.get(app, groupId)?.group;
    if (group === undefined) return undefined;
    return { group, counters: countersOf(this.#tables.values.get(group.streamId, 'counters')) };
  }

  jobs(): JobRow[] {
    return this.#tables.replays.jobs().map((job) => ({
      id: job.id,
      kind: job.kind,
      endpoint: this.#tables.endpoints.nameOf(job.endpoint_id),
      streamsDone: job.streams_done,
      createdAt: job.created_at,
      ...(job.finished_at === null ? {} : { finishedAt: job.finished_at }),
    }));
  }

  audit(line: Omit<AuditRow, 'id'>): void {
    this.#insertAudit.run(line.at, line.actor, line.role, line.action, line.target, line.detail);
  }

  auditLog(query: { readonly before?: number; readonly limit: number }): AuditRow[] {
    return this.#audit.all(query.before ?? Number.MAX_SAFE_INTEGER, query.limit).map(withoutNulls);
  }

  stats(): StoreStats {
    const stats = this.#stats.get();
    return {
      schemaVersion: stats?.schemaVersion ?? 0,
      databaseBytes: stats?.databaseBytes ?? 0,
      accounts: this.#tables.accounts.count(),
      groups: this.#groups.get()?.n ?? 0,
      lanesBehind: this.#lanesBehind.all().map(withoutNulls),
      deadLetters: this.#openLetters.all().map(withoutNulls),
    };
  }
}

function isWanted(group: Group, query: JoinedGroupsQuery): boolean {
  if (query.type !== undefined && group.type !== query.type) return false;
  if (query.supportTopic !== undefined && group.supportTopic !== query.supportTopic) return false;
  if (!query.withInactive && !group.active) return false;
  return query.withHuge || group.type !== 'AVChatRoom';
}
