import { restoreStore } from '@confab-im/server';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { DEFAULT_CONFIG } from '../first-start.ts';
import { readConfig } from '../server-access.ts';
import { integer } from '../text/parse-arguments.ts';
import { storeOf } from '../text/parse-store.ts';
import { formatTime } from '../text/time.ts';

interface RestoreOptions {
  readonly config?: string;
  readonly store?: string;
  readonly inPlace?: true;
  readonly sha256?: string;
  readonly skipMsgSeq: number;
  readonly json?: true;
}

const MOST_SKIPPED = 1_000_000;

export function configure(command: Command): void {
  command
    .argument('[file]', 'what "confab backup" made')
    .option(
      '--store <store>',
      'where to put it (default: the store of the configuration); nothing may be there',
    )
    .option('--config <file>', `configuration of the server (default: ${DEFAULT_CONFIG})`)
    .option(
      '--in-place',
      'no file: it was put into the store by other means (a copied file, pg_restore, point-in-time recovery)',
    )
    .option('--sha256 <hex>', 'what the file must hash to (default: what FILE.sha256 says, if it is there)')
    .option(
      '--skip-msg-seq <n>',
      'leave out so many MsgSeq in each group: those that clients may have seen',
      integer(0, MOST_SKIPPED),
      0,
    )
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      `
The server must be stopped. What was sent after the backup is gone. Logs go on at numbers that were never given out, so that no
webhook-id stands for two events; what was behind in the backup is delivered again under the ids it had.`,
    )
    .action(restore);
}

async function restore(file: string | undefined, options: RestoreOptions): Promise<void> {
  if ((file === undefined) !== (options.inPlace === true))
    throw new CliError('Name the backup, or say --in-place if it was put into the store by other means.');
  const store =
    options.store === undefined
      ? (await readConfig(options.config, '--store')).store
      : storeOf('--store', options.store);
  if (store.kind === 'postgres' && file !== undefined)
    throw new CliError(
      'The store is PostgreSQL: put it back with pg_restore, then run this with --in-place; docs/postgresql.md has the steps.',
    );
  const restored = await restoreStore({
    store,
    now: Date.now(),
    skipMsgSeqs: options.skipMsgSeq,
    ...(file === undefined ? {} : { file }),
    ...(options.sha256 === undefined ? {} : { sha256: options.sha256 }),
  });
  const { groups, lanesBehind, lastEventAt } = restored;
  const until = lastEventAt === 0 ? 'no event' : `its last event of ${formatTime(lastEventAt, 'UTC')}`;
  process.stdout.write(
    options.json
      ? `${JSON.stringify(restored)}\n`
      : `Restored: ${groups.toLocaleString('en-US')} groups, ${until}. ${lanesBehind.toLocaleString('en-US')} lanes were behind: receivers may
have their events already, and get them again under the same ids. Start the server.\n`,
  );
}
