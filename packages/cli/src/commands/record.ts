import { mkdirSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { GroupEvent, GroupMessageSent, Tombstone } from '@confab-im/protocol';
import {
  collectStats,
  exportEventLines,
  exportJsonLines,
  type Inbox,
  type NotedInfo,
  openInbox,
  type RecordedInfo,
  renderStats,
  startRecorder,
} from '@confab-im/recorder';
import { type Command, Option } from 'commander';
import { DATA_FOLDER } from '../first-start.ts';
import { readSecret } from '../secret.ts';
import { appOf } from '../server-access.ts';
import { untilAskedToStop } from '../signals.ts';
import { type HostAndPort, hostAndPort, integer, positiveUint32, timeZone } from '../text/parse-arguments.ts';
import { eventLine, recordedLine } from '../text/recorded-line.ts';

const INBOX = `${DATA_FOLDER}/inbox.db`;
const DIALECTS = ['tencent', 'openim', 'standard'] as const;
type Dialect = (typeof DIALECTS)[number];

interface RecordOptions {
  readonly listen: HostAndPort;
  readonly file: string;
  readonly app?: number;
  readonly authTokenFile?: string;
  readonly openimSecretFile?: string;
  readonly signingKeysFile?: string;
  readonly dialect?: Dialect[];
  readonly json?: true;
  readonly tz: string;
}

interface StatsOptions {
  readonly file: string;
  readonly rows: number;
  readonly json?: true;
  readonly tz: string;
}

export function configure(command: Command): void {
  command
    .addOption(
      new Option('--listen <host:port>', 'where webhooks come in')
        .argParser(hostAndPort)
        .default({ host: '127.0.0.1', port: 7701 }, '127.0.0.1:7701'),
    )
    .option('--file <file>', 'the inbox', INBOX)
    .option(
      '--app <sdkappid>',
      'the app whose webhooks these are (default: of the configuration)',
      positiveUint32,
    )
    .option(
      '--auth-token-file <file>',
      'file with the token that requests must be signed with (or CONFAB_AUTH_TOKEN)',
    )
    .option(
      '--openim-secret-file <file>',
      'file with the path segment that proves an OpenIM request, which is unsigned',
    )
    .option(
      '--signing-keys-file <file>',
      'file with the keys (whsec_… or whpk_…), one per line, by one of which every request must be signed',
    )
    .addOption(
      new Option(
        '--dialect <dialect...>',
        'what is understood (default: all, standard only with signing keys)',
      ).choices(DIALECTS),
    )
    .option('--json', 'print each recorded message and event as a line of JSON')
    .option('--tz <zone>', 'time zone to print times in', timeZone, 'UTC')
    .addHelpText(
      'after',
      '\nStatistics are also at http://HOST:PORT/ (text), /stats (JSON), /export and /export/events (JSON Lines), for this machine.',
    )
    .action(record);
  command
    .command('stats')
    .description('show what an inbox holds, also while it is being written')
    .option('--file <file>', 'the inbox', INBOX)
    .option('--rows <n>', 'rows per table', integer(1, 1000), 10)
    .option('--json', 'print it as JSON')
    .option('--tz <zone>', 'time zone of days and hours', timeZone, 'UTC')
    .action(stats);
  command
    .command('export')
    .description('print every recorded message as a line of JSON, webhook included')
    .option('--file <file>', 'the inbox', INBOX)
    .option('--events', 'instead of messages whatever else has happened to groups')
    .action(exportLines);
}

async function record(options: RecordOptions): Promise<void> {
  const stop = untilAskedToStop();
  const { listen, file, tz, json } = options;
  const authToken = readSecret({ what: 'token', file: options.authTokenFile, variable: 'CONFAB_AUTH_TOKEN' });
  const openImSecret = readSecret({ what: 'OpenIM secret', file: options.openimSecretFile });
  const signingKeys = readSecret({ what: 'signing keys', file: options.signingKeysFile })?.split(/\s+/);
  const dialects =
    options.dialect ?? DIALECTS.filter((name) => signingKeys !== undefined || name !== 'standard');
  const sdkAppId = dialects.includes('tencent') ? await appFor(options.app) : options.app;
  if (file === INBOX) mkdirSync(DATA_FOLDER, { recursive: true, mode: 0o700 });
  const recorder = await startRecorder({
    ...{ listen, file, sdkAppId, authToken, openImSecret, signingKeys, dialects },
    onRecorded: (event, info) =>
      process.stdout.write(`${json ? jsonLine(event, info) : recordedLine(event, info, tz)}\n`),
    onEvent: (event, info) =>
      process.stdout.write(`${json ? eventJsonLine(event, info) : eventLine(event, info, tz)}\n`),
    onProblem: ({ why }) => process.stderr.write(`confab: not recorded: ${why}\n`),
  });
  process.stderr.write(`confab: recording at ${recorder.url} into ${file}; Ctrl-C stops.\n`);
  await stop.asked;
  const counts = recorder.requests();
  await recorder.close();
  process.stderr.write(
    `confab: stopped: ${counts.recorded} recorded, ${counts.duplicates} copies dropped.\n`,
  );
}

function appFor(app: number | undefined): Promise<number> {
  return appOf(app === undefined ? {} : { app });
}

function jsonLine(
  event: GroupMessageSent,
  { recordedAt, delayMs, delivery, late, opened }: RecordedInfo,
): string {
  return JSON.stringify({
    recordedAt,
    delayMs,
    key: delivery.key,
    replay: delivery.replay,
    late,
    opened,
    event,
  });
}

function eventJsonLine(
  event: GroupEvent | Tombstone,
  { recordedAt, delivery: { key, replay } }: NotedInfo,
): string {
  return JSON.stringify({ recordedAt, key, replay, event });
}

async function stats({ file, json, tz, rows }: StatsOptions): Promise<void> {
  const inbox = openInbox(file, { readOnly: true });
  try {
    const collected = collectStats(inbox, { tz });
    const color = process.stdout.isTTY && process.env.NO_COLOR === undefined;
    process.stdout.write(json ? `${JSON.stringify(collected)}\n` : renderStats(collected, { color, rows }));
  } finally {
    inbox.close();
  }
}

async function exportLines({ file, events }: { file: string; events?: true }): Promise<void> {
  const inbox: Inbox = openInbox(file, { readOnly: true });
  try {
    await pipeline(events ? exportEventLines(inbox) : exportJsonLines(inbox), process.stdout, { end: false });
  } finally {
    inbox.close();
  }
}
