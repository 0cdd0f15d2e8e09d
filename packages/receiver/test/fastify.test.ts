import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { fastify as adapter } from '../src/adapters/fastify.ts';
import { createReceiver, type Receiver } from '../src/index.ts';
import { adapterSuite } from './support/adapter-suite.ts';
import { endlessBodyTest } from './support/endless-body.ts';
import { portOf } from './support/listen.ts';
import { APP, tencentBody, tencentUrl } from './support/requests.ts';

async function mounted(receiver: Receiver) {
  const app = fastify();
  app.post('/echo', async (request) => request.body);
  app.register(adapter(receiver, '/im'));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { port: portOf(app.server), close: () => app.close() };
}

adapterSuite('fastify', mounted);
endlessBodyTest('fastify', mounted);

test('fastify: the rest of the application keeps its own body parsers', async () => {
  const { port, close } = await mounted(createReceiver({ sdkAppId: APP, on: {} }));
  const answer = await fetch(`http://127.0.0.1:${port}/echo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
  });
  assert.deepEqual(await answer.json(), { a: 1 });
  await close();
});

test('fastify: inject works as with any route', async () => {
  const handled: number[] = [];
  const receiver = createReceiver({
    sdkAppId: APP,
    on: { 'group.message.sent': (event) => void handled.push(event.msgSeq) },
  });
  const app = fastify();
  app.register(adapter(receiver, '/'));
  const answer = await app.inject({ method: 'POST', url: tencentUrl(), payload: tencentBody() });
  assert.equal(answer.statusCode, 200);
  assert.deepEqual(handled, [42]);
  await app.close();
});
