import { type Command, Option } from 'commander';
import { callAdmin, listIn } from '../client/admin-client.ts';
import { isRecord } from '../client/http-json.ts';
import { type AdminOptions, addAdminOptions, adminAccess } from '../server-access.ts';
import { duration } from '../text/duration.ts';
import { integer, timeZone } from '../text/parse-arguments.ts';
import { type Column, renderTable } from '../text/table.ts';
import { formatTime } from '../text/time.ts';

interface LagOptions extends AdminOptions {
  readonly endpoint?: string;
  readonly by: 'age' | 'events';
  readonly worst: number;
  readonly json?: true;
  readonly tz: string;
}

type Row = Readonly<Record<string, unknown>>;

export function configure(command: Command): void {
  addAdminOptions(command)
    .option('--endpoint <name>', 'only this endpoint')
    .addOption(
      new Option('--by <order>', 'order of the worst groups').choices(['age', 'events']).default('age'),
    )
    .option('--worst <n>', 'so many groups of each endpoint', integer(0, 50), 5)
    .option('--json', "print the server's answer as JSON")
    .option('--tz <zone>', 'time zone to print times in', timeZone, 'UTC')
    .addHelpText(
      'after',
      '\nEvents are those that the endpoint has to get at most: tips about members count among them. At most 10 s old.',
    )
    .action(lag);
}

async function lag(options: LagOptions): Promise<void> {
  const query = new URLSearchParams({ by: options.by, worst: String(options.worst) });
  if (options.app !== undefined) query.set('app', String(options.app));
  if (options.endpoint !== undefined) query.set('endpoint', options.endpoint);
  const answer = await callAdmin(await adminAccess(options), 'GET', `lag?${query}`);
  process.stdout.write(
    options.json ? `${JSON.stringify(answer)}\n` : text(listIn(answer, 'lag'), options.tz, Date.now()),
  );
}

/** One table of endpoints, and one of their worst groups if any is behind. */
function text(endpoints: readonly Row[], tz: string, now: number): string {
  const groups = endpoints.flatMap(({ app, endpoint, worst }) =>
    (Array.isArray(worst) ? worst : []).filter(isRecord).map((group) => ({ ...group, app, endpoint })),
  );
  const name: readonly Column<Row>[] = [
    { title: 'app', cell: ({ app }) => Number(app) },
    { title: 'endpoint', cell: ({ endpoint }) => String(endpoint) },
  ];
  const behind: readonly Column<Row>[] = [
    {
      title: 'behind',
      cell: ({ oldestAt }) => (typeof oldestAt === 'number' ? duration(now - oldestAt) : '-'),
    },
    {
      title: 'oldest event',
      cell: ({ oldestAt }) => (typeof oldestAt === 'number' ? formatTime(oldestAt, tz) : ''),
    },
  ];
  const seen = ({ truncated }: Row, value: unknown) =>
    truncated === true ? `at least ${value}` : Number(value);
  const ofEndpoints = renderTable(
    [
      ...name,
      { title: 'groups', cell: (row) => seen(row, row.lanes) },
      { title: 'events', cell: (row) => seen(row, row.events) },
      ...behind,
    ],
    endpoints,
    'There are no such endpoints.',
  );
  if (groups.length === 0) return ofEndpoints;
  const group: Column<Row> = { title: 'group', cell: ({ groupId, topicId }) => String(topicId ?? groupId) };
  const events: Column<Row> = { title: 'events', cell: (row) => Number(row.events) };
  return `${ofEndpoints}\n${renderTable([...name, group, events, ...behind], groups, '')}`;
}
