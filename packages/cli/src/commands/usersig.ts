import { makeUserSig, readUserSig, verifyUserSig } from '@confab-im/protocol';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { readSecret } from '../secret.ts';
import { appIn, readConfig } from '../server-access.ts';
import { integer, positiveUint32, timeZone } from '../text/parse-arguments.ts';
import { formatTime } from '../text/time.ts';

/** 180 days, the default of Tencent's own libraries (tencent-rest A.4). */
const DEFAULT_EXPIRE_SECONDS = 180 * 86_400;
const MAX_EXPIRE_SECONDS = 50 * 365 * 86_400;

interface KeyOptions {
  readonly app?: number;
  readonly keyFile?: string;
  readonly config?: string;
}

interface MakeOptions extends KeyOptions {
  readonly user: string;
  readonly expire: number;
  readonly json?: true;
}

interface CheckOptions extends KeyOptions {
  readonly user?: string;
  readonly json?: true;
  readonly tz: string;
}

export function configure(command: Command): void {
  addKeyOptions(command.command('make').description('make a UserSig and print it'))
    .requiredOption('--user <userid>', 'the account it is for')
    .option('--expire <seconds>', 'how long it holds', integer(1, MAX_EXPIRE_SECONDS), DEFAULT_EXPIRE_SECONDS)
    .option('--json', 'print it as JSON, with its times')
    .action(make);
  addKeyOptions(command.command('check').description('verify a UserSig; exit code 0 only when it holds'))
    .argument('<usersig>', 'the UserSig, - for standard input')
    .option('--user <userid>', 'the account it must be for (default: whichever it names)')
    .option('--json', 'print the verdict as JSON')
    .option('--tz <zone>', 'time zone to print times in', timeZone, 'UTC')
    .action(check);
  command
    .command('explain')
    .description('show what a UserSig says, without a key and so without proof')
    .argument('<usersig>', 'the UserSig, - for standard input')
    .option('--json', 'print the document as JSON')
    .option('--tz <zone>', 'time zone to print times in', timeZone, 'UTC')
    .action(explain);
}

function addKeyOptions(command: Command): Command {
  return command
    .option('--app <sdkappid>', 'the app (default: the first one of the configuration)', positiveUint32)
    .option(
      '--key-file <file>',
      "file with the app's secret key, - for standard input (or CONFAB_SECRET_KEY)",
    )
    .option('--config <file>', 'take app and key from this configuration (default: confab-data/confab.yaml)');
}

async function make(options: MakeOptions): Promise<void> {
  const { sdkAppId, keys } = await keysOf(options);
  const now = Math.floor(Date.now() / 1000);
  const [key = ''] = keys;
  const userSig = await makeUserSig({
    sdkAppId,
    userId: options.user,
    key,
    now,
    expireSeconds: options.expire,
  });
  const expiresAt = now + options.expire;
  print(
    options.json
      ? JSON.stringify({ userSig, sdkAppId, userId: options.user, issuedAt: now, expiresAt })
      : userSig,
  );
}

async function check(given: string, options: CheckOptions): Promise<void> {
  const sig = fromArgument(given);
  const { sdkAppId, keys } = await keysOf(options);
  const userId = options.user ?? (await documentOf(sig))['TLS.identifier'];
  const verdict = await verifyUserSig(sig, { sdkAppId, userId, keys, now: Math.floor(Date.now() / 1000) });
  if (options.json) print(JSON.stringify(verdict));
  if (!verdict.ok)
    throw new CliError(`The UserSig does not hold (ErrorCode ${verdict.code}): ${verdict.reason}`);
  if (options.json) return;
  print(
    `It holds for ${userId} of app ${sdkAppId} until ${formatTime(verdict.expiresAt * 1000, options.tz)}.`,
  );
}

async function explain(given: string, options: { json?: true; tz: string }): Promise<void> {
  const document = await documentOf(fromArgument(given));
  if (options.json) return print(JSON.stringify(document));
  const madeAt = document['TLS.time'] * 1000;
  const expiresAt = madeAt + document['TLS.expire'] * 1000;
  print(`account  ${document['TLS.identifier']}`);
  print(`app      ${document['TLS.sdkappid']}`);
  print(`made     ${formatTime(madeAt, options.tz)}`);
  print(`expires  ${formatTime(expiresAt, options.tz)}${expiresAt <= Date.now() ? ' (it has expired)' : ''}`);
  print('The signature was not checked: that takes the secret key ("confab usersig check").');
}

async function documentOf(sig: string) {
  const read = await readUserSig(sig);
  if (read.ok) return read.doc;
  throw new CliError(`This is no UserSig: ${read.reason}`);
}

function fromArgument(given: string): string {
  return (
    readSecret({
      what: 'UserSig',
      ...(given === '-' ? { file: '-' } : { value: given }),
      variable: 'CONFAB_USERSIG',
    }) ?? ''
  );
}

/** A key given with its app is enough; otherwise the configuration says. */
async function keysOf(options: KeyOptions): Promise<{ sdkAppId: number; keys: readonly string[] }> {
  const key = readSecret({ what: 'secret key', file: options.keyFile, variable: 'CONFAB_SECRET_KEY' });
  if (key !== undefined && options.app !== undefined) return { sdkAppId: options.app, keys: [key] };
  const app = appIn(await readConfig(options.config, 'the app or its secret key'), options.app);
  return { sdkAppId: app.sdkAppId, keys: key === undefined ? app.secretKeys : [key] };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
