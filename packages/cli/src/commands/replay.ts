import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { callAdmin } from '../client/admin-client.ts';
import { type AdminOptions, addAdminOptions, adminAccess, appOf } from '../server-access.ts';
import { positiveUint32, time } from '../text/parse-arguments.ts';

interface ReplayOptions extends AdminOptions {
  readonly endpoint: string;
  readonly group?: string;
  readonly topic?: string;
  readonly fromMsgSeq?: number;
  readonly toMsgSeq?: number;
  readonly since?: number;
  readonly until?: number;
  readonly json?: true;
}

export function configure(command: Command): void {
  addAdminOptions(command)
    .requiredOption('--endpoint <name>', 'the endpoint that gets the events again')
    .option('--group <groupid>', 'only events of this group (default: of every group of the app)')
    .option(
      '--topic <topicid>',
      'only events of this topic, with --group (default: the group and all its topics)',
    )
    .option('--from-msg-seq <n>', 'first MsgSeq, with --group', positiveUint32)
    .option('--to-msg-seq <n>', 'last MsgSeq, with --group', positiveUint32)
    .option('--since <time>', 'first moment, such as 2026-01-31T09:30:00Z', time)
    .option('--until <time>', 'last moment', time)
    .option('--json', "print the server's answer as JSON")
    .addHelpText(
      'after',
      '\nBoth ends are included. Receivers see the same webhook-id as the first time, so one that drops repeats drops these too.',
    )
    .action(replay);
}

async function replay(options: ReplayOptions): Promise<void> {
  const { endpoint, group, topic, fromMsgSeq, toMsgSeq, since, until } = options;
  checkRanges(options);
  const app = await appOf(options);
  const answer = await callAdmin(await adminAccess(options), 'POST', `apps/${app}/replay`, {
    endpoint,
    groupId: group,
    topicId: topic,
    fromMsgSeq,
    toMsgSeq,
    since,
    until,
  });
  const place = topic === undefined ? `group ${group}` : `topic ${topic}`;
  const what = group === undefined ? `every group of app ${app}` : `${place} of app ${app}`;
  const job = answer.jobId === 0 ? '' : ` (job ${answer.jobId})`;
  process.stdout.write(
    options.json ? `${JSON.stringify(answer)}\n` : `replay to ${endpoint} started: ${what}${job}\n`,
  );
}

function checkRanges({ group, topic, fromMsgSeq, toMsgSeq, since, until }: ReplayOptions): void {
  const bySequence = fromMsgSeq !== undefined || toMsgSeq !== undefined;
  if (bySequence && group === undefined) {
    throw new CliError('--from-msg-seq and --to-msg-seq count within one group: name it with --group.');
  }
  if (topic !== undefined && group === undefined) {
    throw new CliError('--topic is one of a group: name it with --group.');
  }
  if (fromMsgSeq !== undefined && toMsgSeq !== undefined && fromMsgSeq > toMsgSeq) {
    throw new CliError(`--from-msg-seq ${fromMsgSeq} is after --to-msg-seq ${toMsgSeq}.`);
  }
  if (since !== undefined && until !== undefined && since > until) {
    throw new CliError('--since is after --until.');
  }
  if (group === undefined && since === undefined && until === undefined) {
    throw new CliError(
      'Say what to send again: a --group, a range of it, or a time with --since and --until.',
    );
  }
}
