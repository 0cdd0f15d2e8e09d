import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { openFileStore } from '../../src/store/sqlite/open.ts';
import type { Store } from '../../src/store/store.ts';
import { APP, createGroup, OTHER_APP, putEndpoint, START, sendMessage } from '../conformance/commands.ts';
import { PostgresServer } from '../support/postgres-server.ts';

/** What people ask of the pipeline and of a history, in every way of asking. */
const READS: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  history: (store) => store.history({ app: APP, groupId: 'g7', fromMsgSeq: 0, limit: 20 }),
  ...places('lanes', (store, place) => store.lanes({ ...place, limit: 10 })),
  ...places('attempts', (store, place) => store.attempts({ app: APP, ...place, limit: 10 })),
  ...places('deliveries', (store, place) => store.deliveries({ app: APP, ...place, limit: 10 })),
  'attempts of an event': (store) =>
    store.attempts({ app: APP, endpoint: 'hook', groupId: 'g7', logSeq: 2, limit: 10 }),
  'open letters': (store) => store.deadLetters({ includeReplayed: false, limit: 10 }),
  'all letters': (store) => store.deadLetters({ includeReplayed: true, limit: 10 }),
  'open letters of an endpoint': (store) =>
    store.deadLetters({ app: APP, endpoint: 'hook', includeReplayed: false, limit: 10 }),
  'all letters of an app': (store) => store.deadLetters({ app: APP, includeReplayed: true, limit: 10 }),
  'open letters of a group, closed': (store) => store.commit({ ...CLOSE, groupId: 'g7' }),
  'one letter, closed': (store) => store.commit({ ...CLOSE, id: 40_000 }),
  explained: (store) => store.explain({ app: APP, groupId: 'g7', msgSeq: 1 }),
  'explained of a group that is no more': (store) => store.explain({ app: APP, groupId: 'gone9', msgSeq: 1 }),
};

const CLOSE = {
  type: 'closeDeadLetters',
  how: 'dismiss',
  app: APP,
  now: START,
  after: 0,
  limit: 10,
} as const;

interface Place {
  readonly app?: number;
  readonly endpoint?: string;
  readonly groupId?: string;
  readonly topicId?: string;
}

function places(
  what: string,
  read: (store: Store, place: Place) => Promise<unknown>,
): Record<string, (store: Store) => Promise<unknown>> {
  return {
    [`${what} of all`]: (store) => read(store, {}),
    [`${what} of an app`]: (store) => read(store, { app: APP }),
    [`${what} of an endpoint`]: (store) => read(store, { app: APP, endpoint: 'hook' }),
    [`${what} of a group`]: (store) => read(store, { app: APP, groupId: 'g7' }),
    [`${what} of a group and an endpoint`]: (store) =>
      read(store, { app: APP, endpoint: 'hook', groupId: 'g7' }),
    [`${what} of a group that is no more`]: (store) => read(store, { app: APP, groupId: 'gone9' }),
    [`${what} of a topic`]: (store) => read(store, { app: APP, groupId: 'g7', topicId: 'g7-topic' }),
    [`${what} of a group of any app`]: (store) => read(store, { groupId: 'g7' }),
  };
}

const LARGE = ['lane', 'attempt', 'delivered', 'dead_letter', 'chat_group', 'message', 'log', 'stream'];

async function fill(store: Store): Promise<void> {
  for (const app of [APP, OTHER_APP]) {
    await store.commit({ type: 'importAccounts', now: START, app, accounts: [{ userId: 'a' }] });
    for (const name of ['hook', 'other']) await store.commit({ ...putEndpoint(name), app });
    await store.commit(createGroup({ app, groupId: 'g7', members: [{ userId: 'a' }] }));
    for (let n = 0; n < 5; n += 1) await store.commit(sendMessage('g7', 'a', { app }));
  }
}

describe('SQLite', () => {
  let folder: string;
  let store: Store;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'confab-plans-'));
    store = await openFileStore(join(folder, 'confab.db'), { rules: DEFAULT_RULES });
    await fill(store);
  });
  after(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  for (const [name, read] of Object.entries(READS)) {
    test(`${name}: no row of a large table is looked at without an index that leads to it`, async () => {
      const asked = await statementsOf(() => read(store));
      assert.ok(asked.length > 0);
      using db = new DatabaseSync(join(folder, 'confab.db'), { readOnly: true });
      for (const sql of asked) {
        const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[];
        for (const { detail } of plan) assert.ok(!isScan(detail), `${detail}\n${sql}`);
      }
    });
  }
});

/** The SQL that ran meanwhile, in this process. */
async function statementsOf(act: () => Promise<unknown>): Promise<string[]> {
  const asked = new Set<string>();
  const kept = { get: StatementSync.prototype.get, all: StatementSync.prototype.all };
  for (const name of ['get', 'all'] as const) {
    StatementSync.prototype[name] = function (this: StatementSync, ...params: never[]) {
      asked.add(this.sourceSQL);
      return (kept[name] as (...params: never[]) => never).apply(this, params);
    };
  }
  try {
    await act();
  } finally {
    Object.assign(StatementSync.prototype, kept);
  }
  return [...asked];
}

/** Endpoints are few; what is read from the newest on ends at its limit; a group is found by its name, not by its app. */
function isScan(detail: string): boolean {
  const [, how, what, by = ''] = /^(SCAN|SEARCH) (\S+)(?: USING (.*))?$/.exec(detail) ?? [];
  if (how === undefined) return false;
  const few = ['e', 'endpoint', 'json_each', 'CONSTANT'].includes(what ?? '') || what?.startsWith('(');
  if (how === 'SCAN') return few !== true && by !== 'INDEX delivered_by_begin';
  if (what === 't') return !/stream_id=|rowid=|\bid=/.test(by);
  return what === 'chat_group' && !/group_id=|topic_of=|rowid=/.test(by);
}

describe('PostgreSQL', () => {
  const GROUPS = 20_000;
  /** Rows that one question may look at, of one table. */
  const FEW = 200;
  let server: PostgresServer;
  let admin: pg.Client;
  before(async () => {
    server = await PostgresServer.start();
    admin = new pg.Client({ connectionString: server.url() });
    await admin.connect();
    await using store = await open();
    await fill(store);
    await admin.query(MANY.replaceAll('$groups', String(GROUPS)));
    await admin.query('ANALYZE');
  });
  after(async () => {
    await admin.end();
    await server[Symbol.asyncDispose]();
  });

  async function open(): Promise<Store & AsyncDisposable> {
    const store = await openPostgresStore({ url: server.url(), rules: DEFAULT_RULES });
    return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
  }

  /** Rows looked at so far, in tables and in indexes. What a connection has counted shows once it is gone. */
  async function looked(): Promise<ReadonlyMap<string, number>> {
    const others =
      "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
    while ((await admin.query(others)).rows.length > 0);
    const { rows } = await admin.query<{ relname: string; n: string }>(
      `SELECT t.relname, t.seq_tup_read + coalesce((SELECT sum(idx_tup_read) FROM pg_stat_user_indexes i WHERE i.relid = t.relid), 0) AS n
       FROM pg_stat_user_tables t`,
    );
    return new Map(rows.map(({ relname, n }) => [relname, Number(n)]));
  }

  for (const [name, read] of Object.entries(READS)) {
    test(`${name}: few rows of a large table are looked at`, async () => {
      const idle = await costOf(async () => {});
      const busy = await costOf(read);
      for (const table of LARGE) {
        const rows = (busy.get(table) ?? 0) - (idle.get(table) ?? 0);
        assert.ok(rows <= FEW, `${rows} rows of ${table}`);
      }
    });
  }

  async function costOf(act: (store: Store) => Promise<unknown>): Promise<Map<string, number>> {
    const start = await looked();
    const store = await open();
    await act(store);
    await store.close();
    const end = await looked();
    return new Map([...end].map(([table, n]) => [table, n - (start.get(table) ?? 0)]));
  }
});

/**
 * Every tenth group is of the first app, every thirteenth is no more; each has a lane, attempts and dead letters, the first app's being
 * the oldest, and a delivery.
 */
const MANY = `
CREATE TABLE many AS SELECT n, 1000 + n AS stream_id, CASE WHEN n % 10 = 0 THEN ${APP} ELSE ${OTHER_APP} END AS app,
    CASE WHEN n % 13 = 0 THEN 'gone' || n / 13 ELSE 'm' || n END AS group_id,
    CASE WHEN n % 13 = 0 THEN ${START} END AS destroyed_at,
    (SELECT id FROM endpoint e WHERE e.name = 'hook' AND e.app = CASE WHEN n % 10 = 0 THEN ${APP} ELSE ${OTHER_APP} END) AS endpoint_id
  FROM generate_series(1, $groups) n;
INSERT INTO stream (id, app, kind, head, last_time, next_msg_seq, last_msg_time, active)
  SELECT stream_id, app, 'group', 9, 0, 9, 0, true FROM many;
INSERT INTO chat_group SELECT r.* FROM many m CROSS JOIN (SELECT * FROM chat_group LIMIT 1) g
  CROSS JOIN LATERAL jsonb_populate_record(NULL::chat_group, to_jsonb(g) || jsonb_build_object('stream_id', m.stream_id, 'app', m.app, 'group_id', m.group_id,
    'destroyed_at', m.destroyed_at)) r;
INSERT INTO lane (endpoint_id, stream_id, cursor, due_at) SELECT endpoint_id, stream_id, 1, ${START} + n FROM many;
INSERT INTO delivered (endpoint_id, stream_id, from_seq, through_seq, count, first_at, last_at)
  SELECT endpoint_id, stream_id, 1, 1, 1, ${START} + n, ${START} + n FROM many;
INSERT INTO attempt (endpoint_id, stream_id, log_seq, attempt, at, duration_ms, verdict, detail, count, last_at)
  SELECT endpoint_id, stream_id, 1, a, 0, 0, 'timeout', '', 1, 0 FROM many, generate_series(1, 3) a ORDER BY app, n;
INSERT INTO dead_letter (endpoint_id, stream_id, log_seq, reason, detail, attempts, first_attempt_at, at, replayed_at)
  SELECT endpoint_id, stream_id, 1, 'age', '', 0, 0, 0, CASE WHEN n % 2 = 0 THEN 0 END FROM many ORDER BY app, n;
INSERT INTO message SELECT r.* FROM many m CROSS JOIN (SELECT * FROM message LIMIT 1) g
  CROSS JOIN LATERAL jsonb_populate_record(NULL::message, to_jsonb(g) || jsonb_build_object('stream_id', m.stream_id)) r;
`;
