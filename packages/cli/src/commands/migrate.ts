import { type MoveResult, moveStore } from '@confab-im/server';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { untilAskedToStop } from '../signals.ts';
import { storeOf } from '../text/parse-store.ts';
import { progressOn } from '../text/progress.ts';
import { renderTable } from '../text/table.ts';

interface MigrateOptions {
  readonly from: string;
  readonly to: string;
  readonly compare?: true;
  readonly restart?: true;
  readonly json?: true;
}

export function configure(command: Command): void {
  command
    .requiredOption('--from <store>', 'where the state is: sqlite:PATH or postgres://…')
    .requiredOption('--to <store>', 'where it shall be; empty, or the beginning of this move')
    .option('--compare', 'copy nothing, compare the two as they stand')
    .option('--restart', 'throw away what an unfinished move has left there, and begin again')
    .option('--json', 'print what was moved as JSON')
    .addHelpText(
      'after',
      `
No server may use either of them meanwhile. What was interrupted goes on when it is called again; at the end every row of both is
compared. Then set \`store\` in the configuration and start: deliveries go on where they stopped, with the same ids. A password is
better given as PGPASSWORD or in ~/.pgpass than in the URL.`,
    )
    .action(migrate);
}

async function migrate(options: MigrateOptions): Promise<void> {
  const from = storeOf('--from', options.from);
  const to = storeOf('--to', options.to);
  if (from.kind === to.kind)
    throw new CliError(
      from.kind === 'sqlite'
        ? 'Both are SQLite files. To copy one use "confab backup".'
        : 'Both are PostgreSQL databases. To copy one use pg_dump; docs/postgresql.md has the steps.',
    );
  const stop = new AbortController();
  const wish = untilAskedToStop();
  void wish.asked.then(() => stop.abort());
  wish.onImpatience(() => process.exit(1));
  const progress = progressOn(process.stderr, () => performance.now());
  const began = performance.now();
  try {
    const result = await moveStore({
      from,
      to,
      restart: options.restart === true,
      compareOnly: options.compare === true,
      signal: stop.signal,
      onProgress: ({ step, table, done, total }) => progress.show({ label: `${step} ${table}`, done, total }),
    });
    progress.end();
    process.stdout.write(
      options.json
        ? `${JSON.stringify(result)}\n`
        : text(result, options, (performance.now() - began) / 1_000),
    );
  } finally {
    progress.end();
  }
}

function text(
  { tables, installId }: MoveResult,
  { compare }: Pick<MigrateOptions, 'compare'>,
  seconds: number,
): string {
  const table = renderTable(
    [
      { title: 'table', cell: (row) => row.table },
      { title: 'rows', cell: (row) => row.rows },
      { title: 'copied now', cell: (row) => row.copied },
      { title: 'sha-256 of both', cell: (row) => row.sha256.slice(0, 16) },
    ],
    tables,
    'No tables.',
  );
  const all = tables.reduce((sum, { rows }) => sum + rows, 0).toLocaleString('en-US');
  const done = compare ? 'The two are the same' : 'Moved, and the two are the same';
  const next = compare
    ? ''
    : '\nNow set `store` in the configuration to where it is, and keep the old one until you are content. Never start both.';
  return `${table}\n${done}: ${all} rows of installation ${installId}, in ${seconds.toFixed(1)} s.${next}\n`;
}
