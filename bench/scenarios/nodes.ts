import { DEFAULT_RULES } from '../../packages/server/src/domain/rules.ts';
import { parseEndpoint } from '../../packages/server/src/domain/settings/parse-endpoint.ts';
import { openPostgresStore } from '../../packages/server/src/store/postgres/open.ts';
import type { PostgresServer } from '../../packages/server/test/support/postgres-server.ts';
import { type Child, startNode } from '../processes/children.ts';
import { GROUPS, SENDER } from '../processes/confab-config.ts';
import { cpuSecondsOf, newDatabase, startDatabase } from '../processes/database.ts';
import { group, setUp } from '../processes/store-commands.ts';
import type { StoreLoad } from '../processes/store-load-process.ts';
import type { Bench, Figure, ScenarioResult } from '../scenario.ts';
import { inRounds } from './rounds.ts';

const SCRIPT = new URL('../processes/store-load-process.ts', import.meta.url);
const WARM_UP_SECONDS = 2;

/** From and to: the groups that each node sends to. */
const VARIANTS = {
  'one node': [[0, GROUPS.length]],
  'two nodes, groups of their own': [
    [0, GROUPS.length / 2],
    [GROUPS.length / 2, GROUPS.length],
  ],
  'two nodes, the same groups': [
    [0, GROUPS.length],
    [0, GROUPS.length],
  ],
} as const;
type Variant = keyof typeof VARIANTS;

interface Run {
  /** Messages per second. */
  readonly rate: number;
  /** Processor time for a message. */
  readonly storeMicros: number;
  readonly databaseMicros: number;
  readonly commandsPerCommit: number;
  readonly p50Ms: number;
}

/** What nodes cost each other that write to one PostgreSQL: their stores alone, so that two cores are enough to show it. */
export async function nodes(bench: Bench): Promise<ScenarioResult> {
  await using database = await startDatabase();
  let databases = 0;
  const measure = (variant: Variant) => async (round: number) => {
    bench.progress(`${variant}, run ${round + 1} of ${bench.options.pairs}`);
    databases += 1;
    const url = await newDatabase(database, `run${databases}`);
    await fill(url);
    return await measured(bench, database, url, VARIANTS[variant]);
  };
  const names = Object.keys(VARIANTS) as Variant[];
  const runs = await inRounds<Variant, Run>(
    bench.options.pairs,
    Object.fromEntries(names.map((name) => [name, measure(name)])) as Record<
      Variant,
      (round: number) => Promise<Run>
    >,
  );
  return { figures: names.flatMap((name) => figuresOf(name, runs[name])), plot: [], raw: runs };
}

async function fill(url: string): Promise<void> {
  const now = Date.now();
  const endpoint = parseEndpoint({ name: 'e', url: 'https://backend.example/', events: 'all' });
  if (!endpoint.ok) throw new Error('the endpoint of the bench is wrong');
  const store = await openPostgresStore({ url, rules: { ...DEFAULT_RULES, groupMessagesPerSecond: 0 } });
  for (const command of setUp([endpoint.value], now)) await store.commit(command);
  await Promise.all(GROUPS.map((groupId) => store.commit(group(groupId, now, SENDER))));
  await store.close();
}

async function measured(
  { options: { seconds } }: Bench,
  database: PostgresServer,
  url: string,
  groups: readonly (readonly [number, number])[],
): Promise<Run> {
  const children = groups.map((range, node) =>
    startNode(SCRIPT, [url, node, groups.length, ...range].map(String)),
  );
  try {
    for (const child of children) await child.next();
    await loaded(children, WARM_UP_SECONDS);
    const before = cpuSecondsOf(database);
    const loads = await loaded(children, seconds);
    const databaseSeconds = cpuSecondsOf(database) - before;
    const sum = (of: (load: StoreLoad) => number) => loads.reduce((total, load) => total + of(load), 0);
    const sent = sum((load) => load.sent);
    const delays = loads.flatMap((load) => load.delays).sort((a, b) => a - b);
    for (const child of children) await child.stop();
    return {
      rate: sent / seconds,
      storeMicros: (sum((load) => load.cpuSeconds) / sent) * 1e6,
      databaseMicros: (databaseSeconds / sent) * 1e6,
      commandsPerCommit: sent / sum((load) => load.commits),
      p50Ms: delays[delays.length >> 1] ?? 0,
    };
  } finally {
    for (const child of children) await child[Symbol.asyncDispose]();
  }
}

function loaded(children: readonly Child[], seconds: number): Promise<StoreLoad[]> {
  return Promise.all(children.map((child) => child.ask<StoreLoad>(String(seconds))));
}

function figuresOf(name: Variant, runs: readonly Run[]): Figure[] {
  return [
    { name: `stores alone, ${name}: messages`, unit: '/s', samples: runs.map(({ rate }) => rate) },
    { name: 'processor time of it, stores', unit: 'µs', samples: runs.map(({ storeMicros }) => storeMicros) },
    { name: 'and database', unit: 'µs', samples: runs.map(({ databaseMicros }) => databaseMicros) },
  ];
}
