import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { createReceiver } from '../../src/index.ts';
import type { Mount } from './adapter-suite.ts';
import { APP, tencentUrl } from './requests.ts';

const MAX_BODY_BYTES = 4096;
/** What the receiver reads of an oversized body before it gives up, and one byte. */
const SENT = MAX_BODY_BYTES + 1_048_576 + 1;

/** For adapters that own the socket: a body that does not end is left, and the sender still gets to read why. */
export function endlessBodyTest(name: string, mount: Mount): void {
  test(`${name}: a body that does not end is refused, and the connection closed`, async () => {
    const receiver = createReceiver({ sdkAppId: APP, maxBodyBytes: MAX_BODY_BYTES, on: {} });
    const server = await mount(receiver);
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`POST ${tencentUrl()} HTTP/1.1\r\nhost: x\r\ncontent-length: ${SENT * 10}\r\n\r\n`);
    socket.write(new Uint8Array(SENT));
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.match(answer, /\r\nconnection: close\r\n/i);
    assert.match(answer, /longer than the 4096 bytes/);
    await server.close();
  });
}
