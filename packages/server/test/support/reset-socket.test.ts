import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { test } from 'node:test';
import { resetSocket } from './reset-socket.ts';

test('a socket that is reset while its end is on its way closes without an error, and so does one that is open', async () => {
  const server = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  for (const isEnding of [true, false]) {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    if (isEnding) socket.end();
    resetSocket(socket);
    await once(socket, 'close');
    assert.equal(socket.errored, null);
  }
  server.close();
});
