import { readdirSync, readFileSync } from 'node:fs';
import { PostgresServer } from '../../packages/server/test/support/postgres-server.ts';

/** As a database for real data is set up. */
const DURABLE = ['fsync = on', 'full_page_writes = on', 'shared_buffers = 256MB', 'max_wal_size = 2GB'];
/** Linux counts processor time in hundredths of a second (USER_HZ), whatever its timer runs at. */
const TICKS_PER_SECOND = 100;
/** Fields of `/proc/PID/stat` after the name (proc(5)), from `state` on. */
const PARENT = 1;
const OWN = [11, 12];
const OF_ENDED_CHILDREN = [13, 14];

/** A PostgreSQL server of its own on this machine, which writes durably. */
export function startDatabase(): Promise<PostgresServer> {
  return PostgresServer.start({ settings: DURABLE });
}

/** The URL of an empty database on it. */
export async function newDatabase(server: PostgresServer, name: string): Promise<string> {
  await server.query(`CREATE DATABASE "${name}"`);
  return server.url(name);
}

/** Processor seconds that it has used so far: its first process, those that it has started, and those of them that have ended. */
export function cpuSecondsOf({ pid }: PostgresServer): number {
  const first = statOf(String(pid));
  if (first === undefined) throw new Error('processor time of a process is known on Linux alone, in /proc');
  let ticks = sum(first, [...OWN, ...OF_ENDED_CHILDREN]);
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(name) : undefined;
    if (stat?.[PARENT] === pid) ticks += sum(stat, OWN);
  }
  return ticks / TICKS_PER_SECOND;
}

/** Undefined when the process has ended. */
function statOf(pid: string): number[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  } catch {
    return undefined;
  }
}

function sum(stat: readonly number[], fields: readonly number[]): number {
  return fields.reduce((total, field) => total + (stat[field] ?? 0), 0);
}
