import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toBase64 } from '../bytes.ts';
import {
  generateSigningKey,
  importSigningKeys,
  importVerifyingKeys,
  MAX_LIVE_KEYS,
  signingKeyProblem,
  verifyingKeyProblem,
} from './key.ts';

const of = (prefix: string, size: number) => `${prefix}_${toBase64(new Uint8Array(size).fill(7))}`;

test('a shared secret holds 24 to 64 bytes', () => {
  for (const [size, good] of [
    [0, false],
    [23, false],
    [24, true],
    [64, true],
    [65, false],
  ] as const) {
    assert.equal(signingKeyProblem(of('whsec', size)) === undefined, good, `${size} bytes`);
    assert.equal(verifyingKeyProblem(of('whsec', size)) === undefined, good, `${size} bytes`);
  }
});

test('an Ed25519 key holds 32 bytes, a secret one 64 with its public half', () => {
  assert.equal(signingKeyProblem(of('whsk', 32)), undefined);
  assert.equal(signingKeyProblem(of('whsk', 64)), undefined);
  assert.match(signingKeyProblem(of('whsk', 33)) ?? '', /32 bytes, or 64 .* this one 33/);
  assert.equal(verifyingKeyProblem(of('whpk', 32)), undefined);
  assert.match(verifyingKeyProblem(of('whpk', 64)) ?? '', /32 bytes, this one 64/);
});

test('each side is told when it was given the key of the other', () => {
  assert.match(signingKeyProblem(of('whpk', 32)) ?? '', /sign with its whsk_ key/);
  assert.match(verifyingKeyProblem(of('whsk', 32)) ?? '', /verify with its whpk_ key/);
});

test('property: no other text is a key, and no complaint repeats it', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ minLength: 4 }).map((rest) => `whsec_${rest}!`),
    fc.string({ minLength: 101, maxLength: 300 }).map((rest) => `whsk_${rest}`),
  );
  fc.assert(
    fc.property(text, (key) => {
      for (const problem of [signingKeyProblem(key), verifyingKeyProblem(key)]) {
        assert.match(problem ?? '', /\.$/);
        if (key.length > 10) assert.ok(!problem?.includes(key.slice(-10)));
      }
    }),
  );
});

test('the key that cannot be used is named by its place, not by its text', async () => {
  const keys = [of('whsec', 32), 'whsec_c2hvcnQ='];
  await assert.rejects(importSigningKeys(keys), (error: Error) => {
    assert.match(error.message, /^Signing key 2 of 2 cannot be used\. .* this one 5;/);
    assert.doesNotMatch(error.message, /c2hvcnQ/);
    return error instanceof TypeError;
  });
  const many = Array<string>(MAX_LIVE_KEYS + 1).fill(of('whsec', 32));
  await assert.rejects(importVerifyingKeys(many), /There are 9 signing keys; at most 8/);
});

test('a secret key whose public half is of another pair is refused', async () => {
  await assert.rejects(importSigningKeys([of('whsk', 64)]), /halves of a whsk_ key do not belong together/);
});

test('generated keys are keys, each another, and imported ones keep their secret', async () => {
  for (const version of ['v1', 'v1a'] as const) {
    const [one, other] = [await generateSigningKey(version), await generateSigningKey(version)];
    assert.notEqual(one.secret, other.secret);
    const [key] = await importSigningKeys([one.secret]);
    assert.ok(key);
    assert.equal(key.version, version);
    assert.equal(key.signs.extractable, false);
    const [verifying] = await importVerifyingKeys([one.version === 'v1' ? one.secret : one.public]);
    assert.equal(verifying?.version, version);
  }
});
