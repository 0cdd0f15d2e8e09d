import assert from 'node:assert/strict';
import { test } from 'node:test';
import express, { type RequestHandler } from 'express';
import { express as adapter } from '../src/adapters/express.ts';
import { createReceiver, type Receiver } from '../src/index.ts';
import { adapterSuite } from './support/adapter-suite.ts';
import { endlessBodyTest } from './support/endless-body.ts';
import { listen } from './support/listen.ts';
import { APP, openImBody, openImUrl, tencentBody, tencentUrl } from './support/requests.ts';

const mounted = (receiver: Receiver, ...before: RequestHandler[]) => {
  const app = express();
  for (const parser of before) app.use(parser);
  app.use('/im', adapter(receiver));
  return listen(app);
};

adapterSuite('express', (receiver) => mounted(receiver));
endlessBodyTest('express', (receiver) => mounted(receiver));
adapterSuite('express after raw()', (receiver) =>
  mounted(receiver, express.raw({ type: '*/*', inflate: false })),
);

for (const [name, parser] of [
  ['json()', express.json()],
  ['text()', express.text({ type: '*/*' })],
] as const) {
  test(`express after ${name}: the parsed body is taken`, async () => {
    const handled: unknown[] = [];
    const receiver = createReceiver({
      sdkAppId: APP,
      on: { 'group.message.sent': (event) => void handled.push(event.msgSeq) },
    });
    const server = await mounted(receiver, parser);
    const answer = await fetch(`http://127.0.0.1:${server.port}${tencentUrl()}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: tencentBody(),
    });
    await answer.text();
    await server.close();
    assert.equal(answer.status, 200);
    assert.deepEqual(handled, [42]);
  });
}

test('express: the path it is mounted at counts as part of the URL', async () => {
  const openImSecret = 'k9-Zq_4vT7.mXw2~';
  const receiver = createReceiver({ sdkAppId: APP, openImSecret, on: { 'group.message.sent': () => {} } });
  const app = express();
  app.use(`/${openImSecret}`, adapter(receiver));
  const server = await listen(app);
  const url = `http://127.0.0.1:${server.port}${openImUrl(`/${openImSecret}`)}`;
  const answer = await fetch(url, { method: 'POST', body: openImBody() });
  await answer.text();
  await server.close();
  assert.equal(answer.status, 200);
});
