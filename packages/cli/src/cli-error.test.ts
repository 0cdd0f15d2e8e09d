import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { reasonOf } from './cli-error.ts';

test('what TLS says is told without the numbers and files of OpenSSL', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // Without a certificate the server can only refuse.
  const [error] = await once(connect({ host: '127.0.0.1', port }), 'error').catch((thrown) => [thrown]);
  server.close();
  assert.match(String(error), /error:[0-9A-F]+:SSL routines/);
  assert.match(reasonOf(error), /^TLS: [^:]*handshake failure$/);
});
