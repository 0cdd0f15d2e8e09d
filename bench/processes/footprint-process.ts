/**
 * What things cost in a store, told as one message: `footprint-process.ts STORE-URL`. With a database: bytes on disk and of the
 * write-ahead log for each message, group and member. Without: the processor time of a send beside many endpoints, in memory.
 */
import pg from 'pg';
import { DEFAULT_RULES } from '../../packages/server/src/domain/rules.ts';
import { parseEndpoint } from '../../packages/server/src/domain/settings/parse-endpoint.ts';
import type { Command } from '../../packages/server/src/store/commands.ts';
import { openPostgresStore } from '../../packages/server/src/store/postgres/open.ts';
import { openCore } from '../../packages/server/src/store/sqlite/open.ts';
import { ADMIN, APP } from './confab-config.ts';
import { group, message, setUp } from './store-commands.ts';

export interface Footprint {
  readonly messageBytes: number;
  readonly messageWal: number;
  readonly groupBytes: number;
  readonly memberBytes: number;
  /** Processor microseconds of a send, by the number of endpoints of its app and of those that want it. */
  readonly sends: readonly {
    readonly endpoints: number;
    readonly wanting: number;
    readonly micros: number;
  }[];
}

const [url = ''] = process.argv.slice(2);
const RULES = { ...DEFAULT_RULES, groupMessagesPerSecond: 0 };
const NOW = Date.now();
const GROUPS = 2_000;
const MEMBERS = 50;
const MESSAGES = 40_000;
const BATCH = 400;
const SENDS = 4_000;

function endpoints(count: number, wanting: number) {
  return Array.from({ length: count }, (_, n) => {
    const groups = n < wanting ? {} : { groups: ['another'] };
    const read = parseEndpoint({ name: `e${n}`, url: 'https://backend.example/', events: 'all', ...groups });
    if (!read.ok) throw new Error('an endpoint of the bench is wrong');
    return read.value;
  });
}

async function database() {
  const store = await openPostgresStore({ url, rules: RULES });
  const watch = new pg.Client({ connectionString: url });
  await watch.connect();
  const size = async () => {
    const { rows } = await watch.query(
      `SELECT pg_database_size(current_database())::float8 AS bytes, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS wal`,
    );
    return rows[0] as { bytes: number; wal: number };
  };
  const all = async (commands: readonly Command[]) => {
    for (let from = 0; from < commands.length; from += BATCH)
      await Promise.all(commands.slice(from, from + BATCH).map((command) => store.commit(command)));
  };
  const users = Array.from({ length: GROUPS * 2 }, (_, n) => ({ userId: `user${n}` }));
  await all(setUp(endpoints(1, 1), NOW));
  for (let from = 0; from < users.length; from += 100)
    await store.commit({
      type: 'importAccounts',
      app: APP,
      now: NOW,
      accounts: users.slice(from, from + 100),
    });
  const empty = await size();
  await all(Array.from({ length: GROUPS }, (_, n) => group(`g${n}`, NOW)));
  const grouped = await size();
  await all(
    Array.from({ length: GROUPS }, (_, n) => ({
      type: 'addMembers',
      app: APP,
      now: NOW,
      operator: ADMIN,
      silent: true,
      groupId: `g${n}`,
      userIds: Array.from({ length: MEMBERS }, (_, m) => users[(n * 7 + m) % users.length]?.userId ?? ''),
    })),
  );
  const filled = await size();
  await watch.query('CHECKPOINT');
  const before = await size();
  await all(
    Array.from({ length: MESSAGES }, (_, n) => ({
      ...message(`g${n % GROUPS}`, n, NOW),
      sender: ADMIN,
      senderIsAdmin: true,
    })),
  );
  const after = await size();
  await store.close();
  await watch.end();
  return {
    groupBytes: (grouped.bytes - empty.bytes) / GROUPS,
    memberBytes: (filled.bytes - grouped.bytes) / (GROUPS * MEMBERS),
    messageBytes: (after.bytes - before.bytes) / MESSAGES,
    messageWal: (after.wal - before.wal) / MESSAGES,
  };
}

/** One group: its lanes have their rows after the first message. */
function sends(count: number, wanting: number) {
  const { core, close } = openCore(':memory:', RULES);
  core.commit([...setUp(endpoints(count, wanting), NOW), group('g', NOW)]);
  const run = (from: number) => {
    for (let next = from; next < from + SENDS; next += BATCH)
      core.commit(
        Array.from({ length: BATCH }, (_, n) => ({
          ...message('g', next + n, NOW),
          sender: ADMIN,
          senderIsAdmin: true,
        })),
      );
  };
  run(0);
  const began = process.cpuUsage();
  run(SENDS);
  const { user, system } = process.cpuUsage(began);
  close();
  return { endpoints: count, wanting, micros: (user + system) / SENDS };
}

const footprint: Footprint = {
  ...(await database()),
  sends: [sends(1, 1), sends(100, 1), sends(1_000, 1), sends(100, 100), sends(1_000, 1_000)],
};
process.send?.(footprint);
