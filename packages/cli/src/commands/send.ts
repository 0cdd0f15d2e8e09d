import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { CliError, reasonOf } from '../cli-error.ts';
import { callRestOk } from '../client/rest-client.ts';
import { addRestOptions, type RestOptions, restAccess } from '../server-access.ts';
import { uint32 } from '../text/parse-arguments.ts';

interface SendOptions extends RestOptions {
  readonly group: string;
  readonly from?: string;
  readonly random?: number;
  readonly priority?: string;
  readonly onlineOnly?: true;
  readonly bodyFile?: string;
  readonly json?: true;
}

export function configure(command: Command): void {
  addRestOptions(command)
    .argument('[text]', 'the text of the message')
    .requiredOption('--group <groupid>', 'the group to send to')
    .option('--from <userid>', 'the account that is shown as the sender (default: the admin)')
    .option('--body-file <file>', 'file with a MsgBody array as JSON instead of a text, - for standard input')
    .option('--random <n>', 'the number that makes a retry recognisable (default: a fresh one)', uint32)
    .addOption(
      new Option('--priority <level>', 'how it is treated over the limit').choices(['High', 'Normal', 'Low']),
    )
    .option('--online-only', 'only for members who are online; not stored')
    .option('--json', "print the server's answer as JSON")
    .action(send);
}

async function send(text: string | undefined, options: SendOptions): Promise<void> {
  const message = {
    GroupId: options.group,
    Random: options.random ?? randomInt(2 ** 32 - 1),
    MsgBody: messageBody(text, options.bodyFile),
    ...(options.from !== undefined && { From_Account: options.from }),
    ...(options.priority !== undefined && { MsgPriority: options.priority }),
    ...(options.onlineOnly && { OnlineOnlyFlag: 1 }),
  };
  const answer = await callRestOk(await restAccess(options), 'group_open_http_svc/send_group_msg', message);
  const dropped = answer.MsgDropReason;
  if (options.json) process.stdout.write(`${JSON.stringify(answer)}\n`);
  if (typeof dropped === 'string' && dropped !== '') {
    throw new CliError(
      `The server dropped the message (${dropped}): the group is over its limit. Send it again later.`,
    );
  }
  if (!options.json) process.stdout.write(`sent: group ${options.group}, MsgSeq ${answer.MsgSeq}\n`);
}

function messageBody(text: string | undefined, file: string | undefined): unknown {
  if ((text === undefined) === (file === undefined)) {
    throw new CliError('Say what to send: a text, or a MsgBody with --body-file; not both.');
  }
  if (file === undefined) return [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }];
  try {
    return JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    throw new CliError(`No MsgBody could be read from ${file}: ${reasonOf(error)}.`);
  }
}
