import { type Config, startServer } from '@confab-im/server';
import { type Command, Option } from 'commander';
import { curlLine, SHELL_NUMBER } from '../client/curl-line.ts';
import type { RestAccess } from '../client/rest-client.ts';
import { DEFAULT_CONFIG, ensureDefaultConfig } from '../first-start.ts';
import { accessTo, appIn, readConfig } from '../server-access.ts';
import { untilAskedToStop } from '../signals.ts';

/** The UserSig of the printed lines holds for half a year, so that a note of them stays useful (tencent-rest A.4). */
const PASTED_SECONDS = 180 * 86_400;

interface ServeOptions {
  readonly config?: string;
  readonly role?: string;
}

export function configure(command: Command): void {
  command
    .option('--config <file>', `configuration to run (default: ${DEFAULT_CONFIG}, made on the first start)`)
    .addOption(
      new Option('--role <role>', 'part of several nodes on one PostgreSQL database').choices([
        'all',
        'api',
        'dispatch',
      ]),
    )
    .addHelpText(
      'after',
      '\nLog lines go to standard output, one JSON object each. SIGINT or SIGTERM stops it in order; a second one at once.',
    )
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const stop = untilAskedToStop();
  const isNew = options.config === undefined && ensureDefaultConfig();
  const config = await configOf(options);
  const server = await startServer({ config, onFatal: stop.cannotGoOn });
  process.stderr.write(`confab: ready at ${server.url}; configuration ${options.config ?? DEFAULT_CONFIG}\n`);
  if (isNew) {
    const access = await accessTo(appIn(config, undefined), server.url, { seconds: PASTED_SECONDS });
    process.stderr.write(firstSteps(access));
  }
  stop.onImpatience(() => void server.abort());
  try {
    await stop.asked;
  } finally {
    await server.stop();
  }
}

/** As if the role had been written into the configuration. */
function configOf({ config, role }: ServeOptions): Promise<Config> {
  const env = role === undefined ? process.env : { ...process.env, CONFAB_CLUSTER_ROLE: role };
  return readConfig(config, 'anything to run', env);
}

function firstSteps(access: RestAccess): string {
  const group = { Type: 'Public', Name: 'My first group', GroupId: 'first' };
  const message = {
    GroupId: 'first',
    Random: SHELL_NUMBER,
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'Hello' } }],
  };
  return `
This was the first start: ${DEFAULT_CONFIG} now holds app ${access.sdkAppId} with its secret key, the admin
"${access.identifier}" and a token of the admin API. It is readable by you alone.

Create a group, then send a message to it (the second line may be pasted again and again):

  ${curlLine(access, 'group_open_http_svc/create_group', group)}

  ${curlLine(access, 'group_open_http_svc/send_group_msg', message)}

Webhooks: add an endpoint to ${DEFAULT_CONFIG}, restart, try it with "confab check".
`;
}
