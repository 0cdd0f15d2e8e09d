import { join } from 'node:path';
import { startNode } from '../processes/children.ts';
import { writeConfig } from '../processes/confab-config.ts';
import { startDatabase } from '../processes/database.ts';
import { fillStore } from '../processes/fill.ts';
import type { MoveFigures } from '../processes/move-process.ts';
import { timeline } from '../report/plot.ts';
import type { Bench, Figure, ScenarioResult } from '../scenario.ts';

const SCRIPT = new URL('../processes/move-process.ts', import.meta.url);

/** `--backlog` undelivered messages from an SQLite file into PostgreSQL and from there into another file, each row compared at the end. */
export async function moveStores(bench: Bench): Promise<ScenarioResult> {
  const messages = bench.options.backlog;
  const folder = bench.newFolder();
  const config = writeConfig(folder, [{ name: 'dead', url: 'http://127.0.0.1:9' }]);
  bench.progress(`${messages.toLocaleString('en-US')} messages, straight into the store`);
  await fillStore(config, { from: 0, to: messages, since: Date.now() - messages * 3.6, everyMs: 3.6 });
  await using database = await startDatabase();
  const files = ['confab.db', 'back.db'].map((name) => `sqlite:${join(folder, name)}`);
  bench.progress('into PostgreSQL');
  const there = await moved(files[0] ?? '', database.url());
  bench.progress('and back');
  const back = await moved(database.url(), files[1] ?? '');
  const figures = [
    ...figuresOf('SQLite to PostgreSQL', there, messages),
    ...figuresOf('PostgreSQL to SQLite', back, messages),
  ];
  const memory = [...there.memory, ...back.memory];
  const highest = Math.max(...memory);
  return {
    figures,
    plot: [
      `resident memory of the mover, from 0 to ${highest.toFixed(0)} MB`,
      `into PostgreSQL ${timeline(there.memory, highest)}`,
      `and back        ${timeline(back.memory, highest)}`,
      '',
    ],
    raw: { there, back },
  };
}

async function moved(from: string, to: string): Promise<MoveFigures> {
  await using child = startNode(SCRIPT, [from, to]);
  return await child.next<MoveFigures>();
}

function figuresOf(
  name: string,
  { copySeconds, compareSeconds, memory }: MoveFigures,
  messages: number,
): Figure[] {
  const rate = (seconds: number) => [messages / seconds];
  return [
    { name: `migrate, ${name}`, unit: '/s', samples: rate(copySeconds + compareSeconds), reach: '≥ 20,000' },
    { name: 'of it, copying alone', unit: '/s', samples: rate(copySeconds) },
    { name: 'resident memory of it', unit: 'MB', samples: [Math.max(...memory)] },
  ];
}
