import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killUnderLoad } from '../support/kill-under-load.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { startReceiver } from '../support/scripted-receiver.ts';
import { ServerProcess } from '../support/server-process.ts';

test('kill -9 of the server and of its PostgreSQL, in turns: nothing is lost, nothing is out of order, nobody gets an error', async () => {
  const receiver = await startReceiver();
  await using database = await PostgresServer.start();
  const server = new ServerProcess(receiver.url, { store: database.url() });
  const killServer = async () => {
    await server.kill();
    assert.ok(await server.start(), 'the server came up again');
  };
  const killDatabase = async () => {
    await database.kill();
    await database.up();
  };
  const stopDatabase = async () => {
    await database.down();
    await database.up();
  };
  try {
    assert.ok(await server.start());
    await killUnderLoad(server, receiver, [killServer, killDatabase, stopDatabase, killServer]);
    assert.equal(await server.stop(), 0);
  } finally {
    await server.dispose();
    await receiver.close();
  }
});

test('/readyz says why the store is away, and that it is back', async () => {
  await using receiver = await startReceiver();
  await using database = await PostgresServer.start();
  await using server = new ServerProcess(receiver.url, { store: database.url() });
  const ready = async () => {
    const answer = await fetch(`${server.url}/readyz`);
    const { reason } = (await answer.json()) as { reason?: string };
    return { status: answer.status, reason };
  };
  assert.ok(await server.start());
  assert.equal((await ready()).status, 200);
  await database.down();
  const { status, reason } = await ready();
  assert.equal(status, 503);
  assert.match(reason ?? '', /database|connection/);
  assert.doesNotMatch(reason ?? '', /has not answered/);
  await database.up();
  assert.equal((await ready()).status, 200);
});
