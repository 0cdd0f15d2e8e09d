import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { OPENIM_OK } from '@confab-im/protocol';
import { web } from '../src/adapters/web.ts';
import { createReceiver } from '../src/index.ts';
import { adapterSuite } from './support/adapter-suite.ts';
import { listen } from './support/listen.ts';
import { openImBody, openImUrl } from './support/requests.ts';

/** What a runtime with web-standard handlers does around ours. */
function webRequest(request: IncomingMessage): Request {
  const { method = 'GET', url, headers } = request;
  const init = {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
  };
  const target = `http://127.0.0.1${url}`;
  return method === 'GET'
    ? new Request(target, init)
    : new Request(target, { ...init, body: Readable.toWeb(request), duplex: 'half' });
}

adapterSuite('web', (receiver) => {
  const handler = web(receiver);
  return listen(async (request, response) => {
    const answer = await handler(webRequest(request));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(await answer.text());
  });
});

test('web: a request made by hand is answered without any server', async () => {
  const receiver = createReceiver({ dialects: ['openim'], on: { 'group.message.sent': () => {} } });
  const request = new Request(`https://hooks.example.com${openImUrl()}`, {
    method: 'POST',
    body: openImBody(),
  });
  const answer = await web(receiver)(request);
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), OPENIM_OK);
});
