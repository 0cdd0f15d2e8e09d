import assert from 'node:assert/strict';
import { createHmac, createPublicKey, verify as nodeVerify } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { generateSigningKey, importSigningKeys, importVerifyingKeys } from './key.ts';
import { signStandard, verifyStandard } from './signature.ts';

/** The request of the public vectors. */
const request = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' };

/** Of the JavaScript and Go libraries beside the specification, and of the specification's example of the header. */
const VECTORS = [
  {
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    verifies: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  {
    secret: 'whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=',
    verifies: undefined,
    signature: 'v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==',
  },
  {
    secret: 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==',
    verifies: 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=',
    signature: 'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
  },
];

const texts = { id: request.id, timestamp: String(request.timestamp), body: request.body };
const now = request.timestamp;

test('the public vectors hold, one by one and together', async () => {
  for (const { secret, verifies, signature } of VECTORS) {
    assert.equal(await signStandard({ ...request, keys: await importSigningKeys([secret]) }), signature);
    if (verifies === undefined) continue;
    const keys = await importVerifyingKeys([verifies]);
    assert.deepEqual(await verifyStandard({ ...texts, signature, keys, now }), { ok: true, keyIndex: 0 });
  }
  const keys = await importSigningKeys(VECTORS.map(({ secret }) => secret));
  const header = await signStandard({ ...request, keys });
  assert.equal(header, VECTORS.map(({ signature }) => signature).join(' '));
});

test('what is signed here is what node:crypto makes of id, timestamp and body', async () => {
  const shared = await generateSigningKey('v1');
  const pair = await generateSigningKey('v1a');
  assert.ok(pair.version === 'v1a');
  const keys = await importSigningKeys([shared.secret, pair.secret]);
  const [v1 = '', v1a = ''] = (await signStandard({ ...request, keys })).split(' ');
  const content = `${texts.id}.${texts.timestamp}.${texts.body}`;
  const hmac = createHmac('sha256', Buffer.from(shared.secret.slice(6), 'base64')).update(content);
  assert.equal(v1, `v1,${hmac.digest('base64')}`);
  const x = Buffer.from(pair.public.slice(5), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  assert.ok(nodeVerify(null, Buffer.from(content), key, Buffer.from(v1a.slice(4), 'base64')));
});

test('what cannot be signed is refused', async () => {
  const [secret] = VECTORS.map((vector) => vector.secret);
  const keys = await importSigningKeys([secret ?? '']);
  for (const id of ['', 'a.b', 'a b', 'a\nb', 'ü', 'x'.repeat(256)]) {
    await assert.rejects(signStandard({ ...request, keys, id }), /no full stop/, id);
  }
  for (const timestamp of [-1, 1.5, Number.NaN, 2 ** 53]) {
    await assert.rejects(signStandard({ ...request, keys, timestamp }), /whole seconds/, `${timestamp}`);
  }
});

test('the tolerance is 300 seconds either way, the edge included, and can be set', async () => {
  const { verifies = '', signature } = VECTORS[0] ?? assert.fail();
  const check = { ...texts, signature, keys: await importVerifyingKeys([verifies]) };
  for (const offset of [-300, 0, 300]) {
    assert.ok((await verifyStandard({ ...check, now: now + offset })).ok, `${offset} s`);
  }
  const stale = { ok: false, reason: 'stale' };
  for (const offset of [-301, 301]) {
    assert.deepEqual(await verifyStandard({ ...check, now: now + offset }), stale, `${offset} s`);
  }
  assert.deepEqual(await verifyStandard({ ...check, now: now + 5, toleranceSeconds: 4 }), stale);
});

test('absent or unreadable headers are missing', async () => {
  const { verifies = '', signature } = VECTORS[0] ?? assert.fail();
  const check = { ...texts, signature, keys: await importVerifyingKeys([verifies]), now };
  const missing = { ok: false, reason: 'missing' };
  for (const change of [
    { id: undefined },
    { id: '' },
    { id: 'a.b' },
    { timestamp: undefined },
    { timestamp: '' },
    { timestamp: '-1' },
    { timestamp: '1e9' },
    { timestamp: ` ${now}` },
    { signature: undefined },
    { signature: '' },
  ]) {
    assert.deepEqual(await verifyStandard({ ...check, ...change }), missing, JSON.stringify(change));
  }
});

test('a signature counts under its own version only, and unknown ones are passed over', async () => {
  const { verifies = '', signature } = VECTORS[0] ?? assert.fail();
  const check = { ...texts, keys: await importVerifyingKeys([verifies]), now };
  const ok = { ok: true, keyIndex: 0 };
  assert.deepEqual(await verifyStandard({ ...check, signature: `v2,abc v1a,AAAA x ${signature}` }), ok);
  for (const forged of [
    signature.replace('v1,', 'v1a,'),
    signature.replace('v1,', 'v2,'),
    signature.slice(3),
    'v1,',
    'v1a,',
    `${'v1,x '.repeat(16)}${signature}`,
    `${signature} ${'x'.repeat(4096)}`,
  ]) {
    assert.deepEqual(
      await verifyStandard({ ...check, signature: forged }),
      { ok: false, reason: 'mismatch' },
      forged,
    );
  }
});

const version = fc.constantFrom('v1', 'v1a');

test('property: what is signed verifies; with any byte changed it does not', async () => {
  const any = fc.record({
    version,
    id: fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/),
    timestamp: fc.integer({ min: 0, max: 4e9 }),
    body: fc.uint8Array({ minLength: 1, maxLength: 300 }),
    at: fc.nat(),
    flip: fc.integer({ min: 1, max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(any, async ({ version, id, timestamp, body, at, flip }) => {
      const made = await generateSigningKey(version);
      const signature = await signStandard({
        ...{ id, timestamp, body },
        keys: await importSigningKeys([made.secret]),
      });
      const keys = await importVerifyingKeys([made.version === 'v1' ? made.secret : made.public]);
      const check = { id, timestamp: String(timestamp), body, signature, keys, now: timestamp };
      assert.deepEqual(await verifyStandard(check), { ok: true, keyIndex: 0 });
      const changed = body.with(at % body.length, (body[at % body.length] ?? 0) ^ flip);
      const wrong = [
        { body: changed },
        { body: body.subarray(1) },
        { body: new Uint8Array([...body, 0]) },
        { id: `${id}x` },
        { timestamp: String(timestamp + 1), now: timestamp + 1 },
        { timestamp: `0${timestamp}` },
        { signature: tampered(signature, at) },
      ];
      for (const change of wrong) {
        const verdict = await verifyStandard({ ...check, ...change });
        assert.deepEqual(verdict, { ok: false, reason: 'mismatch' }, Object.keys(change).join());
      }
    }),
    { numRuns: 60 },
  );
});

/** The header with one character of the signature itself exchanged. */
function tampered(header: string, at: number): string {
  const start = header.indexOf(',') + 1;
  const place = start + (at % (header.length - start));
  return header.slice(0, place) + (header[place] === 'A' ? 'B' : 'A') + header.slice(place + 1);
}

test('property: through a rotation every receiver that shares one live key verifies, and is told which', async () => {
  const generated = await Promise.all(
    Array.from({ length: 6 }, (_, index) => generateSigningKey(index % 2 === 0 ? 'v1' : 'v1a')),
  );
  const secrets = generated.map(({ secret }) => secret);
  const shared = generated.map((key) => (key.version === 'v1' ? key.secret : key.public));
  const subset = fc.subarray([0, 1, 2, 3, 4, 5], { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(subset, subset, async (signing, verifying) => {
      const keys = await importSigningKeys(signing.map((index) => secrets[index] ?? ''));
      const signature = await signStandard({ ...request, keys });
      const verdict = await verifyStandard({
        ...{ ...texts, signature, now },
        keys: await importVerifyingKeys(verifying.map((index) => shared[index] ?? '')),
      });
      const first = verifying.findIndex((index) => signing.includes(index));
      assert.deepEqual(
        verdict,
        first === -1 ? { ok: false, reason: 'mismatch' } : { ok: true, keyIndex: first },
      );
    }),
  );
});
