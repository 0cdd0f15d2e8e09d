import type { Command } from 'commander';
import { callAdmin, listIn } from '../client/admin-client.ts';
import { type AdminOptions, addAdminOptions, adminAccess } from '../server-access.ts';
import { duration } from '../text/duration.ts';
import { timeZone } from '../text/parse-arguments.ts';
import { renderTable } from '../text/table.ts';
import { formatTime } from '../text/time.ts';

interface NodesOptions extends AdminOptions {
  readonly json?: true;
  readonly tz: string;
}

export function configure(command: Command): void {
  addAdminOptions(command)
    .option('--json', "print the server's answer as JSON")
    .option('--tz <zone>', 'time zone to print times in', timeZone, 'UTC')
    .addHelpText('after', '\nOver SQLite there is one process, and the list is empty.')
    .action(nodes);
}

async function nodes(options: NodesOptions): Promise<void> {
  const answer = await callAdmin(await adminAccess(options), 'GET', 'nodes');
  process.stdout.write(
    options.json ? `${JSON.stringify(answer)}\n` : text(listIn(answer, 'nodes'), options.tz, Date.now()),
  );
}

function text(rows: readonly Readonly<Record<string, unknown>>[], tz: string, now: number): string {
  return renderTable(
    [
      { title: 'node', cell: ({ id }) => String(id) },
      { title: 'host and process', cell: ({ name }) => String(name) },
      { title: 'role', cell: ({ role }) => String(role) },
      { title: 'version', cell: ({ version }) => String(version) },
      { title: 'partitions', cell: ({ partitions }) => Number(partitions) },
      { title: 'started', cell: ({ startedAt }) => formatTime(Number(startedAt), tz) },
      {
        title: 'seen',
        cell: ({ alive, seenAt }) => (alive === true ? 'alive' : `${duration(now - Number(seenAt))} ago`),
      },
    ],
    rows,
    'There are no nodes: the store is an SQLite file, which has one process.',
  );
}
