import { backupFile } from '@confab-im/server';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { DEFAULT_CONFIG } from '../first-start.ts';
import { readConfig } from '../server-access.ts';
import { storeOf } from '../text/parse-store.ts';
import { progressOn } from '../text/progress.ts';

interface BackupOptions {
  readonly config?: string;
  readonly store?: string;
  readonly json?: true;
}

export function configure(command: Command): void {
  command
    .argument('<file>', 'file to make; it must not be there yet')
    .option('--store <store>', 'what to copy: sqlite:PATH (default: the store of the configuration)')
    .option('--config <file>', `configuration of the server (default: ${DEFAULT_CONFIG})`)
    .option('--json', 'print what was made as JSON')
    .addHelpText(
      'after',
      `
The server may run. The file is complete and checked when it has its name; its SHA-256 is written beside it, for "sha256sum -c".
It holds messages as they are, and secrets of endpoints encrypted with secretsKey if that is set: keep the configuration with it.`,
    )
    .action(makeBackup);
}

async function makeBackup(file: string, options: BackupOptions): Promise<void> {
  const store =
    options.store === undefined
      ? (await readConfig(options.config, '--store')).store
      : storeOf('--store', options.store);
  if (store.kind === 'postgres')
    throw new CliError(
      'The store is PostgreSQL: use pg_dump or point-in-time recovery; docs/postgresql.md has the steps.',
    );
  const progress = progressOn(process.stderr, () => performance.now());
  try {
    const made = await backupFile(store.path, file, {
      onProgress: (done, total) => progress.show({ label: 'copy', done, total, unit: 'pages' }),
    });
    progress.end();
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ file, ...made })}\n`
        : `${file}: ${made.bytes.toLocaleString('en-US')} bytes of installation ${made.installId}, integrity checked.\nsha-256 ${made.sha256}\n`,
    );
  } finally {
    progress.end();
  }
}
