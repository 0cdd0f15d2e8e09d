import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ClientTls } from '../../src/domain/client-tls.ts';
import { createSender, type Outcome } from '../../src/webhook/sender.ts';
import { startWorld, type World } from '../support/dispatch-harness.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { answer, startModerated } from '../support/moderated.ts';
import { type Receiver, type ReceiverTls, startReceiver } from '../support/scripted-receiver.ts';
import { authority, type Identity, selfSigned } from '../support/self-signed.ts';

/** Before the clock of the tests, and before that of the machine. */
const ENDED = '241230000000Z';

const receiverCa = authority('Receivers');
const clientCa = authority('Callers');
const stranger = authority('Strangers');
const server = selfSigned({ issuer: receiverCa });
const client = selfSigned({ name: 'confab', issuer: clientCa });
const ended = selfSigned({ name: 'confab', issuer: clientCa, notAfter: ENDED });
/** A receiver that takes nobody without a certificate of `clientCa`. */
const asking = { ...server, clientCa: clientCa.cert };
const shown = (identity: Identity): ClientTls => ({ ca: receiverCa.cert, ...identity });

async function post(t: TestContext, tls: ClientTls | undefined, to: Receiver, host = 'localhost') {
  const sender = createSender({
    clock: new ManualClock(),
    allowPrivateNetwork: true,
    concurrency: 1,
    timeoutMs: 5_000,
    resolve: (_hostname, _options, callback) =>
      setImmediate(callback, null, [{ address: '127.0.0.1', family: 4 }]),
    ...(tls !== undefined && { tls }),
  });
  t.after(() => sender.destroy());
  return sender.send({ url: `https://${host}:${to.port}/`, headers: {}, body: '{}' });
}

function failure(outcome: Outcome) {
  assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
  return [outcome.stage, outcome.code];
}

test('a receiver that asks for a client certificate gets it, and takes no other', async (t) => {
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    await using receiver = await startReceiver(undefined, { tls: { ...asking, maxVersion } });
    const accepted = await post(t, shown(client), receiver);
    assert.ok(accepted.kind === 'answer', JSON.stringify(accepted));
    const wrong = selfSigned({ name: 'confab', issuer: stranger });
    for (const tls of [{ ca: receiverCa.cert }, shown(wrong)]) {
      const [stage, code = ''] = failure(await post(t, tls, receiver));
      // Where the receiver's alert is overtaken by the end of the connection, only that end can be told.
      assert.ok(stage === 'tls' || code === 'ECONNRESET' || code === 'CONNECTION_CLOSED', `${stage} ${code}`);
    }
    assert.equal(receiver.requests.length, 1);
  }
});

test('the receiver has to be vouched for by the own authority alone, and bear the name asked for', async (t) => {
  await using receiver = await startReceiver(undefined, { tls: server });
  assert.equal((await post(t, { ca: receiverCa.cert }, receiver)).kind, 'answer');
  const both = `${stranger.cert}${receiverCa.cert}`;
  assert.equal((await post(t, { ca: both }, receiver)).kind, 'answer', 'several authorities');
  for (const tls of [undefined, {}, { ca: stranger.cert }]) {
    const [stage, code] = failure(await post(t, tls, receiver));
    assert.deepEqual([stage, code], ['tls', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']);
  }
  const elsewhere = { ca: receiverCa.cert };
  const named = { ...elsewhere, servername: 'localhost' };
  const wrong = ['tls', 'ERR_TLS_CERT_ALTNAME_INVALID'];
  assert.deepEqual(failure(await post(t, elsewhere, receiver, 'hooks.example.com')), wrong);
  assert.equal((await post(t, named, receiver, 'hooks.example.com')).kind, 'answer');
  assert.deepEqual(failure(await post(t, { ...elsewhere, servername: 'other' }, receiver)), wrong);
});

test('no environment variable turns the verification off, and nothing below TLS 1.2 is spoken', async (t) => {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  t.after(() => delete process.env.NODE_TLS_REJECT_UNAUTHORIZED);
  await using receiver = await startReceiver(undefined, { tls: selfSigned() });
  assert.deepEqual(failure(await post(t, undefined, receiver)), ['tls', 'DEPTH_ZERO_SELF_SIGNED_CERT']);
  assert.deepEqual(failure(await post(t, { ca: receiverCa.cert, servername: 'x' }, receiver))[0], 'tls');
  await using old = await startReceiver(undefined, {
    tls: { ...server, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' },
  });
  assert.equal(failure(await post(t, { ca: receiverCa.cert }, old))[0], 'tls');
});

/** What the attempts that failed say, once the endpoint has been mended and the message delivered. */
async function heals(
  broken: { readonly tls: ClientTls; readonly receiver: ReceiverTls },
  mend: (world: World, receiver: Receiver) => Promise<void> | void,
): Promise<string[]> {
  await using receiver = await startReceiver(undefined, { tls: broken.receiver });
  const endpoint = { name: 'a', url: `https://localhost:${receiver.port}/a`, tls: broken.tls };
  await using world = await startWorld({ endpoints: [endpoint] });
  await world.send('g1', 2);
  await world.start();
  await world.until(() => world.recording.seen.filter(({ verdict }) => verdict !== 'delivered').length >= 3);
  assert.equal(receiver.requests.length, 0);
  await mend(world, receiver);
  await world.dispatcher.reload();
  await world.quiet();
  assert.equal(receiver.requests.length, 2);
  assert.deepEqual((await world.store.deadLetters({ includeReplayed: true, limit: 10 })).length, 0);
  const [failed] = await world.store.attempts({ app: 1400000001, limit: 1 });
  return [...new Set(world.recording.seen.map(({ verdict }) => verdict)), failed?.detail ?? ''];
}

const url = (receiver: Receiver) => `https://localhost:${receiver.port}/a`;

test('an expired client certificate is said to be so, retried, and delivered with once renewed', async () => {
  const [verdict, after, detail] = await heals({ tls: shown(ended), receiver: asking }, (world, receiver) =>
    world.put({ name: 'a', url: url(receiver), tls: shown(client) }),
  );
  assert.deepEqual([verdict, after], ['tls_error', 'delivered']);
  assert.match(
    detail ?? '',
    /client certificate \(tls\.cert\) expired on 2024-12-30T00:00:00.000Z; renew it/,
  );
});

test('an expired receiver certificate, a wrong name and a wrong authority are verdicts of TLS, and heal', async () => {
  const old = selfSigned({ issuer: receiverCa, notAfter: ENDED });
  const tls = shown(client);
  const renewed = await heals({ tls, receiver: { ...asking, ...old } }, (_world, receiver) =>
    receiver.identify(asking),
  );
  assert.deepEqual(renewed.slice(0, 2), ['tls_error', 'delivered']);
  assert.match(renewed[2] ?? '', /certificate has expired/);

  const mend = (world: World, receiver: Receiver) => world.put({ name: 'a', url: url(receiver), tls });
  const misnamed = await heals({ tls: { ...tls, servername: 'other' }, receiver: asking }, mend);
  assert.deepEqual(misnamed.slice(0, 2), ['tls_error', 'delivered']);
  assert.match(misnamed[2] ?? '', /other/);
  const unknown = await heals({ tls: { ...tls, ca: stranger.cert }, receiver: asking }, mend);
  assert.deepEqual(unknown.slice(0, 2), ['tls_error', 'delivered']);
});

test('without the certificate that the receiver asks for nothing is delivered, and nothing is lost', async () => {
  const [verdict = '', after] = await heals(
    { tls: { ca: receiverCa.cert }, receiver: { ...asking, maxVersion: 'TLSv1.2' } },
    (world, receiver) => world.put({ name: 'a', url: url(receiver), tls: shown(client) }),
  );
  assert.ok(verdict === 'tls_error' || verdict === 'connection_reset', verdict);
  assert.equal(after, 'delivered');
});

test('an endpoint that is asked before a send shows its certificate too', async () => {
  await using moderator = await startReceiver(() => answer({ ErrorCode: 1 }), { tls: asking });
  await using world = await startModerated(() => answer(), { endpoint: false });
  const endpoint = { name: 'strict', url: `https://localhost:${moderator.port}/` };
  await world.ask({ ...endpoint, tls: shown(client) });
  assert.equal((await world.send()).ErrorCode, 10016);
  assert.equal(moderator.requests.length, 1);
  await world.ask({ ...endpoint, tls: shown(ended), onFailure: 'refuse' });
  assert.equal((await world.send()).ErrorCode, 80003);
  assert.equal(moderator.requests.length, 1);
});
