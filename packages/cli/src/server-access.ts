import { existsSync } from 'node:fs';
import { makeUserSig } from '@confab-im/protocol';
import type { AppConfig, Config } from '@confab-im/server';
import type { Command } from 'commander';
import { CliError } from './cli-error.ts';
import type { AdminAccess } from './client/admin-client.ts';
import type { RestAccess } from './client/rest-client.ts';
import { DEFAULT_CONFIG } from './first-start.ts';
import { readSecret } from './secret.ts';
import { baseUrl, positiveUint32 } from './text/parse-arguments.ts';

/** How a command that works on a running server finds it. */
export interface ServerOptions {
  readonly url?: string;
  readonly config?: string;
  readonly app?: number;
}

export interface AdminOptions extends ServerOptions {
  readonly token?: string;
  readonly tokenFile?: string;
}

export interface RestOptions extends ServerOptions {
  readonly identifier?: string;
  readonly usersigFile?: string;
  readonly keyFile?: string;
}

export function addServerOptions(command: Command): Command {
  return command
    .option('--url <url>', 'base URL of the server (default: from the configuration)', baseUrl)
    .option('--config <file>', `configuration of the server (default: ${DEFAULT_CONFIG})`)
    .option('--app <sdkappid>', 'the app (default: the first one of the configuration)', positiveUint32);
}

export function addAdminOptions(command: Command): Command {
  return addServerOptions(command)
    .option('--token-file <file>', 'file with a token of the admin API, - for standard input')
    .option('--token <token>', 'the token itself (or CONFAB_TOKEN; default: from the configuration)');
}

export function addRestOptions(command: Command): Command {
  return addServerOptions(command)
    .option('--identifier <userid>', "the app's admin to call as (default: from the configuration)")
    .option(
      '--usersig-file <file>',
      "file with that admin's UserSig, - for standard input (or CONFAB_USERSIG)",
    )
    .option(
      '--key-file <file>',
      "file with the app's secret key to make a UserSig with (or CONFAB_SECRET_KEY)",
    );
}

/**
 * The configuration of the server, with the environment's overrides.
 *
 * @param missing What the options left open, for the error when there is no configuration either.
 */
export async function readConfig(
  file: string | undefined,
  missing: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Config> {
  if (file === undefined && !existsSync(DEFAULT_CONFIG)) {
    throw new CliError(
      `There is no ${DEFAULT_CONFIG} here to take ${missing} from. Name the server's configuration with --config, or give the options; --help lists them.`,
    );
  }
  const { loadConfig } = await import('@confab-im/server');
  return loadConfig({ file: file ?? DEFAULT_CONFIG, env });
}

/** Reaches the admin API with the given token, or with the first one of the configuration that may change things. */
export async function adminAccess(options: AdminOptions): Promise<AdminAccess> {
  const token = readSecret({
    what: 'admin token',
    value: options.token,
    file: options.tokenFile,
    variable: 'CONFAB_TOKEN',
  });
  if (options.url !== undefined && token !== undefined) return { url: options.url, token };
  const config = await readConfig(options.config, options.url === undefined ? '--url' : 'the admin token');
  const configured = config.admin.tokens.find(({ role }) => role !== 'read-only')?.token;
  const chosen = token ?? configured;
  if (chosen === undefined) {
    throw new CliError(
      'The configuration has no admin token of role owner or operator. Give one with --token-file.',
    );
  }
  return { url: options.url ?? clientUrl(config), token: chosen };
}

/** The app that a command is about: the one asked for, else the first one of the configuration. */
export async function appOf(options: ServerOptions): Promise<number> {
  if (options.app !== undefined) return options.app;
  return appIn(await readConfig(options.config, '--app'), undefined).sdkAppId;
}

/** Ten minutes are enough for one command, and little to lose. */
const SHORT_SECONDS = 600;

/** Calls REST as an admin of the app, with the UserSig given or one made for the occasion. */
export async function restAccess(options: RestOptions): Promise<RestAccess> {
  const userSig = readSecret({ what: 'UserSig', file: options.usersigFile, variable: 'CONFAB_USERSIG' });
  const key = readSecret({ what: 'secret key', file: options.keyFile, variable: 'CONFAB_SECRET_KEY' });
  const { url, app, identifier } = options;
  if (url !== undefined && app !== undefined && identifier !== undefined && (userSig ?? key) !== undefined) {
    return {
      url,
      sdkAppId: app,
      identifier,
      userSig: userSig ?? (await userSigFor(app, identifier, key ?? '', SHORT_SECONDS)),
    };
  }
  const config = await readConfig(options.config, '--url, --app, --identifier or the secret key');
  const made = await accessTo(appIn(config, app), url ?? clientUrl(config), { identifier, key });
  return userSig === undefined ? made : { ...made, userSig };
}

/** Access to an app of a configuration as its first admin with its first key, or as told. */
export async function accessTo(
  app: AppConfig,
  url: string,
  told: { identifier?: string | undefined; key?: string | undefined; seconds?: number } = {},
): Promise<RestAccess> {
  const identifier = told.identifier ?? app.admins[0];
  const key = told.key ?? app.secretKeys[0];
  if (identifier === undefined || key === undefined) {
    throw new CliError(`App ${app.sdkAppId} has no admin or no secret key in the configuration.`);
  }
  const userSig = await userSigFor(app.sdkAppId, identifier, key, told.seconds ?? SHORT_SECONDS);
  return { url, sdkAppId: app.sdkAppId, identifier, userSig };
}

function userSigFor(sdkAppId: number, userId: string, key: string, expireSeconds: number): Promise<string> {
  return makeUserSig({ sdkAppId, userId, key, now: Math.floor(Date.now() / 1000), expireSeconds });
}

/** The app asked for, or the first one. */
export function appIn(config: Config, sdkAppId: number | undefined): AppConfig {
  const app = sdkAppId === undefined ? config.apps[0] : config.apps.find((one) => one.sdkAppId === sdkAppId);
  if (app !== undefined) return app;
  const known = config.apps.map((one) => one.sdkAppId).join(', ');
  throw new CliError(
    sdkAppId === undefined
      ? 'The configuration has no app. Add one under "apps".'
      : `The configuration has no app ${sdkAppId}; it has: ${known || 'none'}.`,
  );
}

/** Where a client on this machine reaches a server that listens as configured. */
export function clientUrl(config: Config): string {
  const { host, port } = config.listen;
  if (port === 0) {
    throw new CliError(
      'The configuration lets the system choose the port (0). Say where the server is with --url.',
    );
  }
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `${config.tls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
