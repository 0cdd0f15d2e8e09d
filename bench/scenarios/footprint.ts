import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PostgresServer } from '../../packages/server/test/support/postgres-server.ts';
import { startNode } from '../processes/children.ts';
import { startConfab } from '../processes/confab-server.ts';
import type { Footprint } from '../processes/footprint-process.ts';
import type { Bench, Figure, ScenarioResult } from '../scenario.ts';

const SCRIPT = new URL('../processes/footprint-process.ts', import.meta.url);
const CONNECTIONS = 4_000;

/** What one more of each costs, for the arithmetic of docs/scaling.md. */
export async function footprint(bench: Bench): Promise<ScenarioResult> {
  await using database = await PostgresServer.start({ settings: ['fsync = on', 'full_page_writes = on'] });
  bench.progress('groups, members and messages in PostgreSQL; sends beside many endpoints');
  const found = await inProcess(database.url());
  bench.progress(`${CONNECTIONS} connections that rest`);
  const connection = await perConnection(bench);
  const one = (name: string, unit: string, value: number): Figure => ({ name, unit, samples: [value] });
  return {
    figures: [
      one('PostgreSQL, on disk for a message of 60 characters', 'B', found.messageBytes),
      one('write-ahead log of it', 'B', found.messageWal),
      one('on disk for a group without members', 'B', found.groupBytes),
      one('on disk for a member', 'B', found.memberBytes),
      one('resident memory of a connection that rests', 'KB', connection / 1e3),
      ...found.sends.map(({ endpoints, wanting, micros }) =>
        one(`processor time of a send, ${endpoints} endpoints, ${wanting} of them want it`, 'µs', micros),
      ),
    ],
    plot: [],
    raw: { ...found, connection },
  };
}

async function inProcess(url: string): Promise<Footprint> {
  await using child = startNode(SCRIPT, [url]);
  return await child.next<Footprint>();
}

/** After a request each, as a client's connection is; in bytes. */
async function perConnection(bench: Bench): Promise<number> {
  await using server = await startConfab({ folder: bench.newFolder(), endpoints: [] });
  const { hostname, port } = new URL(server.url);
  const sockets: Socket[] = [];
  try {
    const open = async () => {
      const socket = connect(Number(port), hostname);
      sockets.push(socket);
      await once(socket, 'connect');
      socket.write('GET /healthz HTTP/1.1\r\nhost: bench\r\n\r\n');
      await once(socket, 'data');
    };
    for (let n = 0; n < CONNECTIONS / 4; n += 1) await open();
    const before = await server.residentBytes();
    for (let n = 0; n < CONNECTIONS; n += 1) await open();
    return ((await server.residentBytes()) - before) / CONNECTIONS;
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}
