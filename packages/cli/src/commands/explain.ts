import { styleText } from 'node:util';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { type AdminAnswer, callAdmin, listIn } from '../client/admin-client.ts';
import { isRecord } from '../client/http-json.ts';
import { type AdminOptions, addAdminOptions, adminAccess, appOf } from '../server-access.ts';
import { integer, positiveUint32, timeZone } from '../text/parse-arguments.ts';
import { printable } from '../text/printable.ts';
import { type Column, renderTable } from '../text/table.ts';
import { formatTime } from '../text/time.ts';

interface ExplainOptions extends AdminOptions {
  readonly group: string;
  readonly topic?: string;
  readonly msgSeq?: number;
  readonly logSeq?: number;
  readonly json?: true;
  readonly tz: string;
}

type Row = Readonly<Record<string, unknown>>;

export function configure(command: Command): void {
  addAdminOptions(command)
    .requiredOption('--group <groupid>', 'the group')
    .option('--topic <topicid>', 'the topic of the group')
    .option('--msg-seq <n>', 'the message, by its MsgSeq', positiveUint32)
    .option('--log-seq <n>', 'the event, by its log sequence', integer(1, Number.MAX_SAFE_INTEGER))
    .option('--json', "print the server's answer as JSON")
    .option('--tz <zone>', 'time zone to print times in', timeZone, 'UTC')
    .addHelpText(
      'after',
      '\nOne line for each endpoint of the app: delivered or not, when, after how many attempts, and why not.',
    )
    .action(explain);
}

async function explain(options: ExplainOptions): Promise<void> {
  const { group, topic, msgSeq, logSeq, tz } = options;
  if ((msgSeq === undefined) === (logSeq === undefined)) {
    throw new CliError('Give either --msg-seq or --log-seq: say which event of the group.');
  }
  const query = new URLSearchParams({ groupId: group });
  if (msgSeq !== undefined) query.set('msgSeq', String(msgSeq));
  if (logSeq !== undefined) query.set('logSeq', String(logSeq));
  if (topic !== undefined) query.set('topicId', topic);
  const app = await appOf(options);
  const answer = await callAdmin(await adminAccess(options), 'GET', `apps/${app}/explain?${query}`);
  process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : text(answer, tz));
}

function text(answer: AdminAnswer, tz: string): string {
  const table = renderTable(columns(tz), listIn(answer, 'endpoints'), 'The app has no endpoints.');
  return `${title(isRecord(answer.message) ? answer.message : {}, tz)}\n\n${table}`;
}

function title(message: Row, tz: string): string {
  const { groupId, topicId, msgSeq, kind, logSeq, id, time, inLog, disbandedAt } = message;
  const what = msgSeq === 0 ? String(kind ?? 'an event') : `MsgSeq ${msgSeq}`;
  const facts = [
    ...(typeof time === 'number' ? [`committed ${formatTime(time, tz)}`] : []),
    ...(logSeq === undefined ? [] : [`log sequence ${logSeq}`]),
    ...(id === undefined ? [] : [`webhook-id ${id}`]),
    ...(inLog === true ? [] : ['its log row has been trimmed']),
    ...(typeof disbandedAt === 'number' ? [`it is no more since ${formatTime(disbandedAt, tz)}`] : []),
  ];
  const place = topicId === undefined ? `group ${groupId}` : `topic ${topicId}`;
  return printable(`${what} of ${place}: ${facts.join(', ')}`);
}

const COLORS = {
  delivered: 'green',
  waiting: 'yellow',
  'dead-letter': 'red',
  'not-sent': 'gray',
  unknown: 'gray',
} as const;

function columns(tz: string): readonly Column<Row>[] {
  const moment = (value: unknown) => (typeof value === 'number' ? formatTime(value, tz) : '');
  return [
    { title: 'endpoint', cell: (row) => String(row.endpoint) },
    { title: 'outcome', cell: (row) => String(row.outcome), paint },
    { title: 'attempts', cell: (row) => Number(row.attempts) },
    { title: 'when', cell: (row) => when(row, moment) },
    { title: 'next attempt', cell: (row) => moment(row.nextAt) },
    { title: 'why', cell: (row) => why(row, moment) },
  ];
}

/** A moment, or the two between which it lies. */
function when(
  { deliveredFrom, deliveredThrough, exact, since }: Row,
  moment: (value: unknown) => string,
): string {
  if (exact === true) return moment(deliveredThrough);
  if (deliveredThrough !== undefined) return `${moment(deliveredFrom)} to ${moment(deliveredThrough)}`;
  const from = moment(deliveredFrom ?? since);
  return from === '' ? '' : `since ${from}`;
}

/** With what went wrong last, where it waits. `behind` tells in words why the event before it fails, and a dead letter why it was given up. */
function why({ why, outcome, reason, lastFailure }: Row, moment: (value: unknown) => string): string {
  if (outcome !== 'waiting' || reason === 'behind' || !isRecord(lastFailure)) return String(why);
  const { at, verdict, detail } = lastFailure;
  return `${why}; failed last at ${moment(at)}: ${verdict}, ${detail}`;
}

/** Colour only on a terminal that wants it: `styleText` asks the stream, `NO_COLOR` and `FORCE_COLOR`. */
function paint(shown: string, { outcome }: Row): string {
  const color = Object.entries(COLORS).find(([name]) => name === outcome)?.[1];
  return color === undefined ? shown : styleText(color, shown, { stream: process.stdout });
}
