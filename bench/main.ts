/** `npm run bench`: runs the scenarios one after the other, prints their figures as a table and plots. It asserts nothing. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HAS_WRK } from './load/load.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { killAll } from './processes/children.ts';
import { withLastRun } from './report/document.ts';
import { machine } from './report/machine.ts';
import { figureTable } from './report/table.ts';
import { type Run, runScenarios } from './run.ts';

const RESULTS = join(import.meta.dirname, '../bench-results');
const PAGE = join(import.meta.dirname, '../docs/performance.md');

function main(): Promise<void> | void {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options === 'help') process.stdout.write(HELP);
    else return bench(options);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

async function bench(options: Options): Promise<void> {
  mkdirSync(RESULTS, { recursive: true });
  const folder = mkdtempSync(join(RESULTS, 'run-'));
  const cleanUp = () => {
    killAll();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      cleanUp();
      process.stderr.write(`Stopped by ${signal}; nothing is left running.\n`);
      process.exit(1);
    });
  }
  const conditions = describe(options);
  process.stdout.write(`${conditions}\n\n`);
  try {
    const run = await runScenarios(options, folder, {
      progress: (line) => process.stderr.write(`${line}\n`),
      result: (_, { figures, plot }) =>
        process.stdout.write(`\n${plot.join('\n')}\n${figureTable(figures)}\n\n`),
    });
    publish(options, conditions, run);
  } finally {
    cleanUp();
  }
}

function describe({ seconds, pairs }: Options): string {
  const load = HAS_WRK ? 'load from wrk' : 'load from the built-in generator';
  return `${machine()}; ${pairs} run(s) of ${seconds} s each, ${load}, 64 connections, 100 groups.`;
}

function publish(options: Options, conditions: string, { figures, raw, failed }: Run): void {
  const table = figureTable(figures);
  process.stdout.write(`All figures\n\n${table}\n`);
  if (options.json !== undefined) {
    writeFileSync(
      options.json,
      `${JSON.stringify({ conditions, options, figures, raw, failed }, null, 2)}\n`,
    );
  }
  if (failed.length > 0) {
    process.stderr.write(`Not measured: ${failed.join(', ')}.\n`);
    process.exitCode = 1;
  } else if (options.writeDocs) {
    writeFileSync(PAGE, withLastRun(readFileSync(PAGE, 'utf8'), `${conditions}\n\n${table}`));
  }
}

await main();
