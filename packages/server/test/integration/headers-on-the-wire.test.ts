import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { systemClock } from '../../src/base/clock.ts';
import { parseEndpoint } from '../../src/domain/settings/parse-endpoint.ts';
import { createHeaders } from '../../src/webhook/request.ts';
import { createSender } from '../../src/webhook/sender.ts';

const BODY = '{"a":1}';
/** Letters that make ordinary names, the words that must not get through, and what smuggling is done with. */
const piece = fc.constantFrom(
  ...['x-', 'a', 'B', '9', '-', '_', '.', 'tenant', 'auth', 'key'],
  ...[
    'host',
    'Content-',
    'length',
    'Transfer-Encoding',
    'webhook-',
    'id',
    'Confab-',
    'connection',
    'X-Forwarded-',
  ],
  ...[' ', ':', '\r', '\n', '\r\n', '\0', '\t', 'é', '语', '\u010a', '__proto__'],
);
const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
const clean = fc.stringMatching(/^[x-z][a-z]{0,6}$/).map((name) => `x-${name}`);
const value = fc.oneof(
  { arbitrary: fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/), weight: 4 },
  text,
  fc.string({ maxLength: 30 }),
  fc.constant(`a\r\nwebhook-id: forged\r\n\r\n`),
);
const headers = fc.dictionary(fc.oneof({ arbitrary: clean, weight: 4 }, text), value, { maxKeys: 6 });

/** Keeps the bytes of one request and answers 200. */
async function startBytes(t: { after(end: () => void): void }) {
  let bytes: Buffer = Buffer.alloc(0);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.toString('latin1').endsWith(`\r\n\r\n${BODY}`))
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
  });
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    take(): string {
      const taken = bytes.toString('latin1');
      bytes = Buffer.alloc(0);
      return taken;
    },
  };
}

test('headers that pass the check arrive as they are, one line each; the others never leave', async (t) => {
  const receiver = await startBytes(t);
  const url = `http://127.0.0.1:${receiver.port}/im`;
  const sender = createSender({
    clock: systemClock(),
    allowPrivateNetwork: true,
    concurrency: 1,
    timeoutMs: 10_000,
  });
  t.after(() => sender.destroy());
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(headers, async (written) => {
      const read = parseEndpoint({
        name: 'a',
        url,
        events: 'Group.CallbackAfterSendMsg',
        allowPrivateNetwork: true,
        headers: written,
      });
      if (!read.ok) {
        assert.ok(read.problems.every(({ path }) => path[0] === 'headers'));
        return;
      }
      const dialect = { 'content-type': 'application/json' };
      const outcome = await sender.send({
        url,
        headers: createHeaders(read.value)({ id: 'evt_1' }, dialect),
        body: BODY,
      });
      assert.ok(outcome.kind === 'answer', JSON.stringify(outcome));
      const own = Object.entries(written).map(([name, value]) => `${name.toLowerCase()}: ${value}`);
      const expected = [
        ...[`host: 127.0.0.1:${receiver.port}`, 'connection: keep-alive', 'user-agent: Confab'],
        ...['content-type: application/json', 'webhook-id: evt_1', `content-length: ${BODY.length}`],
        ...own,
      ];
      const [requestLine, ...lines] = receiver.take().slice(0, -`\r\n\r\n${BODY}`.length).split('\r\n');
      assert.equal(requestLine, 'POST /im HTTP/1.1');
      assert.deepEqual(lines.map(lowerName).sort(), expected.sort());
      sent += own.length;
    }),
    { numRuns: 500 },
  );
  assert.ok(sent > 100, 'enough of them pass the check');
});

function lowerName(line: string): string {
  const colon = line.indexOf(':');
  return line.slice(0, colon).toLowerCase() + line.slice(colon);
}
