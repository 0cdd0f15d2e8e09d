import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setDefaultCACertificates } from 'node:tls';
import { createSender, type Sender } from '../../src/webhook/sender.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { startReceiver } from '../support/scripted-receiver.ts';
import { selfSigned } from '../support/self-signed.ts';

const trusted = selfSigned();
setDefaultCACertificates([trusted.cert]);

function setUp(t: TestContext): Sender {
  const sender = createSender({
    clock: new ManualClock(),
    allowPrivateNetwork: true,
    concurrency: 1,
    timeoutMs: 1000,
    resolve: (_hostname, _options, callback) =>
      setImmediate(callback, null, [{ address: '127.0.0.1', family: 4 }]),
  });
  t.after(() => sender.destroy());
  return sender;
}

test('a trusted receiver is reached over TLS by name and by address, on kept connections', async (t) => {
  await using receiver = await startReceiver(undefined, { tls: trusted });
  const sender = setUp(t);
  for (const host of ['localhost', 'localhost.', '127.0.0.1']) {
    for (const body of ['first', 'second']) {
      const outcome = await sender.send({ url: `https://${host}:${receiver.port}/`, headers: {}, body });
      assert.ok(outcome.kind === 'answer', `${host}: ${JSON.stringify(outcome)}`);
    }
  }
  assert.deepEqual([receiver.requests.length, receiver.connections], [6, 3]);
});

test('a certificate for another name is refused', async (t) => {
  await using receiver = await startReceiver(undefined, { tls: trusted });
  const url = `https://hooks.example.com:${receiver.port}/`;
  const outcome = await setUp(t).send({ url, headers: {}, body: '{}' });
  assert.ok(outcome.kind === 'failed');
  assert.deepEqual([outcome.stage, outcome.code], ['tls', 'ERR_TLS_CERT_ALTNAME_INVALID']);
  assert.equal(receiver.requests.length, 0);
});

test('a certificate nobody vouches for is refused', async (t) => {
  await using receiver = await startReceiver(undefined, { tls: selfSigned() });
  const outcome = await setUp(t).send({ url: receiver.url, headers: {}, body: '{}' });
  assert.ok(outcome.kind === 'failed');
  assert.equal(outcome.stage, 'tls');
  assert.equal(receiver.requests.length, 0);
});

test('https to a receiver that speaks plain HTTP fails in TLS', async (t) => {
  await using receiver = await startReceiver();
  const url = `https://127.0.0.1:${receiver.port}/`;
  const outcome = await setUp(t).send({ url, headers: {}, body: '{}' });
  assert.ok(outcome.kind === 'failed');
  assert.equal(outcome.stage, 'tls');
});
