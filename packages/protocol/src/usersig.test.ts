import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deflate, toBase64, utf8 } from './bytes.ts';
import { makeUserSig, readUserSig, verifyUserSig } from './usersig.ts';

/** The vectors of tencent-rest A.4. */
const VECTOR = {
  sdkAppId: 1400000000,
  userId: 'administrator',
  key: 'not-a-real-key',
  now: 1700000000,
  expireSeconds: 15552000,
};
const SAMPLE =
  'eJyrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwokpuZl5mcUlRYkl*UVQBcUp2YkFBZkpSlaGJgZQAJFJrSjILEoFipuamhrBRUsyc0Fi5qhqizPTgebnWHhnhBRamuhHhVREZWRlOpZop4ZVekVpJxkFlDoVe*oHWBhFOUeYlea52irVAgA-jjQw';
const SIGNATURE = 'l8KhTq94/ZTxZhjiAt+eVyJZ+b2PuBsI/P82ZCX6unE=';
const EXPECTED = { sdkAppId: VECTOR.sdkAppId, userId: VECTOR.userId, keys: [VECTOR.key], now: VECTOR.now };

const DOCUMENT = {
  'TLS.ver': '2.0',
  'TLS.identifier': 'administrator',
  'TLS.sdkappid': 1400000000,
  'TLS.expire': 15552000,
  'TLS.time': 1700000000,
  'TLS.sig': SIGNATURE,
};

async function pack(document: unknown): Promise<string> {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  return toBase64(await deflate(utf8(text)))
    .replaceAll('+', '*')
    .replaceAll('/', '-')
    .replaceAll('=', '_');
}

async function code(sig: string, expected = EXPECTED): Promise<number> {
  const verdict = await verifyUserSig(sig, expected);
  if (verdict.ok) return 0;
  assert.match(verdict.reason, /^The .+[;,] .+\.$/, 'a sentence that says what to do');
  assert.ok(verdict.reason.length < 300);
  return verdict.code;
}

test('the sample of the reference verifies', async () => {
  assert.deepEqual(await verifyUserSig(SAMPLE, EXPECTED), {
    ok: true,
    issuedAt: 1700000000,
    expiresAt: 1715552000,
  });
  assert.deepEqual(await readUserSig(SAMPLE), { ok: true, doc: DOCUMENT });
});

test('the signatures of the reference come out, with and without userbuf', async () => {
  const plain = await readUserSig(await makeUserSig(VECTOR));
  assert.equal(plain.ok && plain.doc['TLS.sig'], SIGNATURE);
  const withBuffer = await makeUserSig({ ...VECTOR, userBuf: new TextEncoder().encode('abc') });
  const read = await readUserSig(withBuffer);
  assert.ok(read.ok);
  assert.equal(read.doc['TLS.userbuf'], 'YWJj');
  assert.equal(read.doc['TLS.sig'], 'aG2475babN/q34pOPpTJDJ/1Ezt1aoCMosKT3i1WS2g=');
  assert.equal(await code(withBuffer), 0);
});

test('each failure has its documented code', async () => {
  assert.equal(await code(''), 70002);
  assert.equal(await code(SAMPLE, { ...EXPECTED, sdkAppId: 1400000001 }), 70014);
  assert.equal(await code(SAMPLE, { ...EXPECTED, userId: 'Administrator' }), 70013);
  assert.equal(await code(SAMPLE, { ...EXPECTED, keys: ['another-key', 'a-third'] }), 70009);
  assert.equal(await code(SAMPLE, { ...EXPECTED, keys: [] }), 70016);
  assert.equal(await code(SAMPLE, { ...EXPECTED, now: 1715552000 }), 70001);
});

test('it is good until the second it expires, and with any of the keys', async () => {
  assert.equal(await code(SAMPLE, { ...EXPECTED, now: 1715551999 }), 0);
  assert.equal(await code(SAMPLE, { ...EXPECTED, keys: ['new-key', VECTOR.key] }), 0);
});

test('what cannot be read is 70003', async () => {
  const unreadable = [
    'not base64!',
    SAMPLE.replaceAll('*', '+'),
    SAMPLE.slice(0, -1),
    SAMPLE.slice(0, -4),
    `${SAMPLE}AAAA`,
    'A'.repeat(5000),
    'QUJD',
    await pack('not JSON'),
    await pack('[]'),
    await pack({ ...DOCUMENT, 'TLS.ver': '1.0' }),
    await pack({ ...DOCUMENT, 'TLS.sdkappid': '1400000000' }),
    await pack({ ...DOCUMENT, 'TLS.identifier': undefined }),
    await pack({ ...DOCUMENT, 'TLS.expire': 1.5 }),
    await pack({ ...DOCUMENT, 'TLS.userbuf': 'YWJj\nTLS.time:1' }),
    await pack({ ...DOCUMENT, 'TLS.sig': 'YWJj' }),
    await pack({ ...DOCUMENT, padding: ' '.repeat(1 << 20) }),
  ];
  for (const sig of unreadable) assert.equal(await code(sig), 70003, sig.slice(0, 40));
});

test('a document changed after signing is refused', async () => {
  for (const change of [
    { 'TLS.expire': 15552001 },
    { 'TLS.time': 1700000001 },
    { 'TLS.userbuf': '' },
    { 'TLS.userbuf': 'YWJj' },
    { 'TLS.sig': SIGNATURE.replace('l', 'm') },
  ]) {
    assert.equal(await code(await pack({ ...DOCUMENT, ...change })), 70009, JSON.stringify(change));
  }
});

test('nothing is signed that would not verify', async () => {
  for (const change of [
    { userId: '' },
    { userId: 'alice\nTLS.sdkappid:1' },
    { expireSeconds: 1.5 },
    { sdkAppId: -1 },
  ]) {
    await assert.rejects(makeUserSig({ ...VECTOR, ...change }), /No UserSig can be made of this: TLS\./);
  }
});

test('property: what is made verifies; with any character changed it fails or still says the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        sdkAppId: fc.nat(),
        userId: fc
          .string({ minLength: 1, maxLength: 32, unit: 'grapheme' })
          .filter((id) => !/[\n\r]/.test(id)),
        key: fc.string({ minLength: 1 }),
        now: fc.nat(),
        expireSeconds: fc.integer({ min: 1, max: 15552000 }),
      }),
      fc.option(fc.uint8Array({ maxLength: 200 }), { nil: undefined }),
      fc.nat(),
      fc.constantFrom(...'ABCxyz019*-_%'),
      async (parts, userBuf, position, char) => {
        const { key, now, ...identity } = parts;
        const expected = { ...identity, keys: [key], now };
        const sig = await makeUserSig({ ...parts, ...(userBuf && { userBuf }) });
        assert.ok((await verifyUserSig(sig, expected)).ok);
        const at = position % sig.length;
        const tampered = sig.slice(0, at) + char + sig.slice(at + 1);
        if ((await verifyUserSig(tampered, expected)).ok) {
          // The last byte of DEFLATE data has unused bits, so some spellings differ and unpack to the same document.
          assert.deepEqual(await readUserSig(tampered), await readUserSig(sig));
        }
      },
    ),
    { numRuns: 50 },
  );
});
