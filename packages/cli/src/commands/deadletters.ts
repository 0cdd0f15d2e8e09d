import type { Command } from 'commander';
import { CliError, reasonOf } from '../cli-error.ts';
import { callAdmin, listIn } from '../client/admin-client.ts';
import { type AdminOptions, addAdminOptions, adminAccess, appOf } from '../server-access.ts';
import { integer, timeZone } from '../text/parse-arguments.ts';
import { type Column, renderTable } from '../text/table.ts';
import { formatTime } from '../text/time.ts';

interface ListOptions extends AdminOptions {
  readonly endpoint?: string;
  readonly all?: true;
  readonly limit: number;
  readonly json?: true;
  readonly tz: string;
}

/** What the admin API gives at once. */
const MAX_ROWS = 1000;

type How = 'replay' | 'dismiss';
type Row = Readonly<Record<string, unknown>>;

export function configure(command: Command): void {
  addAdminOptions(command.command('list').description('list dead letters: deliveries that were given up'))
    .option('--endpoint <name>', 'only those of this endpoint')
    .option('--all', 'also those that were replayed or dismissed')
    .option('--limit <n>', 'at most so many', integer(1, MAX_ROWS), 100)
    .option('--json', 'print them as JSON')
    .option('--tz <zone>', 'time zone to print times in', timeZone, 'UTC')
    .action(list);
  for (const how of ['replay', 'dismiss'] as const) {
    addAdminOptions(command.command(how).description(SUMMARY[how]))
      .argument('[id...]', 'ids as the list shows them')
      .option('--all', 'all open ones of the app')
      .option('--endpoint <name>', 'all open ones of this endpoint')
      .option('--group <groupid>', 'all open ones of this group and its topics')
      .option('--topic <topicid>', 'all open ones of this topic, with --group')
      .option('--json', 'print the outcomes as JSON')
      .action((ids: readonly string[], options: CloseOptions) => close(how, ids, options));
  }
}

const SUMMARY = {
  replay: 'deliver dead letters again',
  dismiss: 'close dead letters that were dealt with otherwise; they are not delivered',
};
const DONE = { replay: 'replayed', dismiss: 'dismissed' };

interface CloseOptions extends AdminOptions {
  readonly all?: true;
  readonly endpoint?: string;
  readonly group?: string;
  readonly topic?: string;
  readonly json?: true;
}

function none({ endpoint }: ListOptions): string {
  return endpoint === undefined ? 'No dead letters.' : `No dead letters of an endpoint "${endpoint}".`;
}

async function list(options: ListOptions): Promise<void> {
  // One more than wanted tells whether there are more.
  const query = new URLSearchParams({ limit: String(Math.min(options.limit + 1, MAX_ROWS)) });
  if (options.app !== undefined) query.set('app', String(options.app));
  if (options.endpoint !== undefined) query.set('endpoint', options.endpoint);
  if (options.all) query.set('includeReplayed', 'true');
  const answer = await callAdmin(await adminAccess(options), 'GET', `dead-letters?${query}`);
  const found = listIn(answer, 'deadLetters');
  const rows = found.slice(0, options.limit);
  const text = options.json
    ? `${JSON.stringify({ ...answer, deadLetters: rows })}\n`
    : renderTable(columns(options.tz), rows, none(options));
  process.stdout.write(text);
  const { length } = rows;
  if (found.length > length)
    process.stderr.write(
      `The newest ${length} are shown, and there are more: --limit shows up to ${MAX_ROWS}, --app and --endpoint narrow the list.\n`,
    );
  else if (length === MAX_ROWS)
    process.stderr.write(
      `The newest ${length} are shown, and there may be more: --app and --endpoint narrow the list.\n`,
    );
}

function columns(tz: string): readonly Column<Row>[] {
  const shown = (key: string) => (row: Row) => {
    const value = row[key];
    return typeof value === 'number' ? value : String(value ?? '');
  };
  return [
    { title: 'id', cell: shown('id') },
    { title: 'at', cell: (row) => formatTime(Number(row.at), tz) },
    { title: 'app', cell: shown('app') },
    { title: 'endpoint', cell: shown('endpoint') },
    { title: 'group', cell: (row) => String(row.topicId ?? row.groupId) },
    { title: 'MsgSeq', cell: shown('msgSeq') },
    { title: 'attempts', cell: shown('attempts') },
    {
      title: 'reason',
      cell: (row) =>
        `${row.reason}: ${row.detail}${row.replayedAt ? ' (replayed)' : ''}${row.dismissedAt ? ' (dismissed)' : ''}`,
    },
  ];
}

interface Outcome {
  readonly id: number;
  readonly ok: boolean;
  readonly why?: string;
}

function close(how: How, ids: readonly string[], options: CloseOptions): Promise<void> {
  const { all, endpoint, group, topic } = options;
  const meansMany = all === true || [endpoint, group, topic].some((one) => one !== undefined);
  if (meansMany === ids.length > 0) {
    throw new CliError(
      `Say which dead letters to ${how}: their ids, or --all, --endpoint NAME, --group GROUPID; not both.`,
    );
  }
  return meansMany ? closeMany(how, options) : closeEach(how, ids, options);
}

async function closeMany(how: How, options: CloseOptions): Promise<void> {
  const { endpoint, group, topic, json } = options;
  if (topic !== undefined && group === undefined) {
    throw new CliError('--topic is one of a group: name it with --group.');
  }
  const app = await appOf(options);
  const answer = await callAdmin(await adminAccess(options), 'POST', `apps/${app}/dead-letters/${how}`, {
    endpoint,
    groupId: group,
    topicId: topic,
  });
  const left =
    Number(answer.left) > 0
      ? `; ${answer.left} of deleted endpoints are left, which can only be dismissed`
      : '';
  process.stdout.write(
    json ? `${JSON.stringify(answer)}\n` : `dead letters ${DONE[how]}: ${answer.closed}${left}\n`,
  );
}

/** One after the other; a refusal of one does not keep the rest. */
async function closeEach(how: How, given: readonly string[], options: CloseOptions): Promise<void> {
  const ids = given.map(deadLetterId);
  const access = await adminAccess(options);
  const outcomes: Outcome[] = [];
  for (const id of ids) {
    outcomes.push(
      await callAdmin(access, 'POST', `dead-letters/${id}/${how}`).then(
        () => ({ id, ok: true }),
        (error: unknown) => ({ id, ok: false, why: reasonOf(error) }),
      ),
    );
  }
  if (options.json) process.stdout.write(`${JSON.stringify(outcomes)}\n`);
  for (const { id, ok } of options.json ? [] : outcomes)
    if (ok) process.stdout.write(`dead letter ${id}: ${DONE[how]}\n`);
  const failed = outcomes.filter(({ ok }) => !ok);
  if (failed.length > 0)
    throw new CliError(failed.map(({ id, why }) => `dead letter ${id}: ${why}`).join('\n'));
}

function deadLetterId(text: string): number {
  try {
    return integer(1, Number.MAX_SAFE_INTEGER)(text);
  } catch {
    throw new CliError(`"${text}" is no id of a dead letter. "confab deadletters list" shows them.`);
  }
}
