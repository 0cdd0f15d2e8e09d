import { cpuSecondsOf, newDatabase, startDatabase } from '../processes/database.ts';
import { type Bar, bars } from '../report/plot.ts';
import { ratios } from '../report/statistics.ts';
import type { Bench, Figure, ScenarioResult } from '../scenario.ts';
import { type FullLoad, withConfab } from './full-load.ts';
import { inRounds } from './rounds.ts';

const RATES = ['delivered', 'accepted'] as const;

interface OnPostgres extends FullLoad {
  /** Processor time of the database for a message. */
  readonly databaseMicros: number;
}

/** One node at full load on SQLite and on PostgreSQL in turns, each once V8 has compiled what runs often; the database shares the machine. */
export async function onPostgres(bench: Bench): Promise<ScenarioResult> {
  await using database = await startDatabase();
  const step = (name: string, round: number) =>
    bench.progress(`${name}, run ${round + 1} of ${bench.options.pairs}`);
  const { sqlite, postgres } = await inRounds<'sqlite' | 'postgres', FullLoad | OnPostgres>(
    bench.options.pairs,
    {
      sqlite: async (round) => {
        step('SQLite', round);
        return await withConfab(bench, { store: `sqlite:${bench.newFolder()}/confab.db` }, warm);
      },
      postgres: async (round) => {
        step('PostgreSQL', round);
        const store = await newDatabase(database, `round${round}`);
        return await withConfab(bench, { store }, async (run) => {
          await run();
          const before = cpuSecondsOf(database);
          const load = await run();
          return { ...load, databaseMicros: ((cpuSecondsOf(database) - before) / load.sent) * 1e6 };
        });
      },
    },
  );
  return {
    figures: [
      ...RATES.flatMap((rate) => figuresOf(rate, sqlite, postgres)),
      {
        name: 'PostgreSQL, processor time of the database for a message',
        unit: 'µs',
        samples: postgres.flatMap((run) => ('databaseMicros' in run ? [run.databaseMicros] : [])),
      },
      {
        name: 'PostgreSQL, webhooks out of order or repeated',
        unit: '',
        samples: postgres.map(({ outOfOrder, repeated }) => outOfOrder + repeated),
        reach: '0',
      },
    ],
    plot: ['delivered messages/s, run by run', ...bars(inTurn(sqlite, postgres), '/s'), ''],
    raw: { sqlite, postgres },
  };
}

async function warm(run: () => Promise<FullLoad>): Promise<FullLoad> {
  await run();
  return await run();
}

function figuresOf(
  rate: (typeof RATES)[number],
  sqlite: readonly FullLoad[],
  postgres: readonly FullLoad[],
): Figure[] {
  const samples = postgres.map((run) => run[rate]);
  const base = sqlite.map((run) => run[rate]);
  return [
    { name: `PostgreSQL, ${rate} messages`, unit: '/s', samples },
    { name: `the same on SQLite in turn with it`, unit: '/s', samples: base },
    {
      name: `PostgreSQL, ${rate}, ratio to SQLite`,
      unit: '',
      samples: ratios(samples, base),
      reach: '≥ 0.6',
    },
  ];
}

function inTurn(sqlite: readonly FullLoad[], postgres: readonly FullLoad[]): Bar[] {
  return postgres.flatMap(({ delivered }, index) => [
    { label: `${index + 1} SQLite`, value: sqlite[index]?.delivered ?? 0 },
    { label: `${index + 1} PostgreSQL`, value: delivered },
  ]);
}
