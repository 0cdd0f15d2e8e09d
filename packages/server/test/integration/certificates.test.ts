import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { makeUserSig } from '@confab-im/protocol';
import { startServer } from '../../src/app.ts';
import { createLogger } from '../../src/base/logger.ts';
import { loadConfig } from '../../src/config/load.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { startReceiver } from '../support/scripted-receiver.ts';
import { authority, type Identity, selfSigned } from '../support/self-signed.ts';

const APP = 1_400_000_001;
const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';
const EVERY_MS = 60_000;
/** The clock runs ahead of the sockets. */
const PATIENT = { timeoutMs: 60_000, retry: { baseDelayMs: 1, maxDelayMs: 1 }, breaker: { failures: 1_000 } };

const callers = authority('Callers');
const receivers = authority('Receivers');
const fit = selfSigned({ name: 'confab', issuer: callers });

type Line = Readonly<Record<string, unknown>>;

/** A server with certificates from files, its own and those of one endpoint, whose receiver takes callers of `callers` only. */
async function scene(t: TestContext, client: Identity) {
  const folder = mkdtempSync(join(tmpdir(), 'confab-certificates-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
    return path;
  };
  const receiver = await startReceiver(undefined, {
    tls: { ...selfSigned({ issuer: receivers }), clientCa: callers.cert },
  });
  t.after(() => receiver.close());
  const own = selfSigned();
  const tls = {
    ca: write('ca.pem', receivers.cert),
    cert: write('client.pem', client.cert),
    key: write('client.key', client.key),
  };
  const url = receiver.url.replace('127.0.0.1', 'localhost');
  const endpoint = {
    name: 'mine',
    url,
    events: 'Group.CallbackAfterSendMsg',
    allowPrivateNetwork: true,
    tls,
    ...PATIENT,
  };
  const config = loadConfig({
    text: JSON.stringify({
      listen: '127.0.0.1:0',
      store: 'sqlite::memory:',
      tls: { cert: write('own.pem', own.cert), key: write('own.key', own.key) },
      apps: [{ sdkAppId: APP, secretKeys: [KEY], admins: ['administrator'], endpoints: [endpoint] }],
    }),
    env: {},
  });
  const clock = new ManualClock();
  const lines: Line[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const server = await startServer({ config, clock, logger: createLogger({ level: 'info', destination }) });
  t.after(() => server.abort());
  const about = () => lines.filter(({ msg }) => String(msg).startsWith('certificates have changed'));

  /** Lets time go by until it is so. */
  async function until(isSo: () => boolean, stepMs: number): Promise<void> {
    for (let turns = 0; !isSo(); turns += 1) {
      assert.ok(turns < 200_000, 'it never came to that');
      if (turns % 100 === 0) clock.advance(stepMs);
      await setImmediate();
    }
  }

  /** What is said next about the certificates, of which every file is looked at in a minute. */
  async function look(): Promise<Line> {
    const before = about().length;
    await until(() => about().length > before, EVERY_MS / 2);
    return about().at(-1) ?? {};
  }

  const delivered = (count: number) => until(() => receiver.requests.length >= count, 100);

  /** Posts a command; the certificate that the server showed. */
  async function rest(command: string, body: object): Promise<string> {
    const now = Math.floor(clock.now() / 1000);
    const usersig = await makeUserSig({
      ...{ sdkAppId: APP, userId: 'administrator', key: KEY, now, expireSeconds: 600 },
    });
    const query = `sdkappid=${APP}&identifier=administrator&usersig=${usersig}&random=1&contenttype=json`;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const options = { method: 'POST', rejectUnauthorized: false, agent: false } as const;
    const call = request(`${server.url}/v4/group_open_http_svc/${command}?${query}`, options, (response) => {
      let shown = '';
      const { socket } = response;
      if (socket instanceof TLSSocket) shown = socket.getPeerX509Certificate()?.toString().trim() ?? '';
      response.resume().once('end', () => resolve(shown));
    });
    call.once('error', reject);
    call.end(JSON.stringify(body));
    return promise;
  }
  const send = (random: number) =>
    rest('send_group_msg', {
      GroupId: 'g1',
      Random: random,
      MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hello' } }],
    });
  await rest('create_group', { Type: 'Public', Name: 'g', GroupId: 'g1' });
  return { write, look, send, delivered, receiver, own, lines, about };
}

test('a client certificate that is replaced is used without a restart; one that cannot be used is not', async (t) => {
  const s = await scene(t, selfSigned({ name: 'confab', issuer: authority('Strangers') }));
  await s.send(1);
  s.write('client.pem', fit.cert);
  const half = await s.look();
  assert.match(String(half.why), /^tls\.key does not belong to cert/);
  assert.equal(s.receiver.requests.length, 0);

  s.write('client.key', fit.key);
  const whole = await s.look();
  assert.deepEqual(
    [whole.level, whole.app, whole.endpoint, whole.validUntil],
    ['info', APP, 'mine', '2049-12-31T23:59:59.000Z'],
  );
  await s.delivered(1);

  for (const [text, why] of [
    ['-----BEGIN PRIVATE KEY-----\nhunter2', /private key that cannot be read/],
    ['nothing', /is not a PEM file/],
  ] as const) {
    s.write('client.key', text);
    const broken = await s.look();
    assert.equal(broken.level, 'warn');
    assert.match(String(broken.why), why);
  }
  await s.send(2);
  await s.delivered(2);
  assert.ok(!JSON.stringify(s.lines).includes('hunter2'));
  assert.equal(s.about().length, 4);
});

test('the certificate of the server is replaced while it runs, and kept while the new one does not fit', async (t) => {
  const s = await scene(t, fit);
  assert.equal(await s.send(1), s.own.cert.trim());
  const fresh = selfSigned();
  s.write('own.pem', fresh.cert);
  assert.equal((await s.look()).level, 'warn');
  assert.equal(await s.send(2), s.own.cert.trim());
  s.write('own.key', fresh.key);
  const line = await s.look();
  assert.deepEqual([line.level, line.setting], ['info', 'tls']);
  assert.equal(await s.send(3), fresh.cert.trim());
});
