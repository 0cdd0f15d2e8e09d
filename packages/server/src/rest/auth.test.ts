import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRORS, type ErrorName, makeUserSig } from '@confab-im/protocol';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { Authenticator, type RestApp } from './auth.ts';
import { MAX_FAILURES } from './auth-failures.ts';

const app: RestApp = { sdkAppId: 1400000001, secretKeys: ['new-key', 'old-key'], admins: ['administrator'] };
const other: RestApp = { sdkAppId: 1400000002, secretKeys: ['other-key'], admins: ['administrator'] };

/** Nobody's UserSigs were invalidated. */
const NEVER = async () => 0;

const clock = new ManualClock();
const now = Math.floor(clock.now() / 1000);
const sign = (parts: { sdkAppId?: number; userId?: string; key?: string; now?: number }) =>
  makeUserSig({
    sdkAppId: app.sdkAppId,
    userId: 'administrator',
    key: 'new-key',
    now,
    expireSeconds: 3600,
    ...parts,
  });

const good = await sign({});
const query = (changes: Record<string, string | undefined>) => {
  const all = { sdkappid: '1400000001', identifier: 'administrator', usersig: good, ...changes };
  return new URLSearchParams(
    Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
};

async function outcome(authenticator: Authenticator, search: URLSearchParams): Promise<string> {
  const result = await authenticator.authenticate(search, '192.0.2.1');
  if (result.kind === 'identity') return `${result.app.sdkAppId} ${result.identifier}`;
  assert.notEqual(result.detail, '');
  return result.error;
}

const REFUSED: readonly [what: string, changes: Record<string, string | undefined>, error: ErrorName][] = [
  ['no sdkappid', { sdkappid: undefined }, 'SDKAPPID_MISSING'],
  ['empty sdkappid', { sdkappid: '' }, 'SDKAPPID_MISSING'],
  ['sdkappid not a number', { sdkappid: 'x' }, 'SDKAPPID_INVALID'],
  ['sdkappid written otherwise', { sdkappid: '01400000001' }, 'SDKAPPID_INVALID'],
  ['unknown app', { sdkappid: '1400000009' }, 'SDKAPPID_INVALID'],
  ['no identifier', { identifier: undefined }, 'ACCOUNT_INVALID'],
  ['no usersig', { usersig: undefined }, 'ACCOUNT_INVALID'],
  ['empty usersig', { usersig: '' }, 'USERSIG_EMPTY'],
  ['not base64', { usersig: 'ä%%%' }, 'USERSIG_INVALID'],
  ['truncated', { usersig: good.slice(0, -20) }, 'USERSIG_INVALID'],
  [
    'of another app',
    { usersig: await sign({ sdkAppId: other.sdkAppId, key: 'other-key' }) },
    'USERSIG_WRONG_APP',
  ],
  ['of another account', { usersig: await sign({ userId: 'root' }) }, 'USERSIG_WRONG_IDENTIFIER'],
  ['of another key', { usersig: await sign({ key: 'guessed' }) }, 'USERSIG_WRONG_KEY'],
  ['expired', { usersig: await sign({ now: now - 3600 }) }, 'USERSIG_EXPIRED'],
  ['of no admin', { identifier: 'user', usersig: await sign({ userId: 'user' }) }, 'NOT_ADMIN'],
];

for (const [what, changes, error] of REFUSED) {
  test(`refused: ${what} (${ERRORS[error].code})`, async () => {
    assert.equal(await outcome(new Authenticator([app, other], clock, NEVER), query(changes)), error);
  });
}

test('every key of the app verifies', async () => {
  const authenticator = new Authenticator([app, other], clock, NEVER);
  assert.equal(await outcome(authenticator, query({})), '1400000001 administrator');
  const usersig = await sign({ key: 'old-key' });
  assert.equal(await outcome(authenticator, query({ usersig })), '1400000001 administrator');
});

test('a remembered UserSig is good for its app, its account and its time only', async () => {
  const own = new ManualClock();
  const authenticator = new Authenticator([app, other], own, NEVER);
  assert.equal(await outcome(authenticator, query({})), '1400000001 administrator');
  assert.equal(await outcome(authenticator, query({ sdkappid: '1400000002' })), 'USERSIG_WRONG_APP');
  assert.equal(await outcome(authenticator, query({ identifier: 'root' })), 'USERSIG_WRONG_IDENTIFIER');
  own.advance(3_599_000);
  assert.equal(await outcome(authenticator, query({})), '1400000001 administrator');
  own.advance(1_000);
  assert.equal(await outcome(authenticator, query({})), 'USERSIG_EXPIRED');
});

test('no text that differs from a remembered UserSig passes', async () => {
  const authenticator = new Authenticator([app], clock, NEVER);
  await outcome(authenticator, query({}));
  for (let i = 0; i < good.length; i += 7) {
    const usersig = `${good.slice(0, i)}${good[i] === 'A' ? 'B' : 'A'}${good.slice(i + 1)}`;
    assert.match(await outcome(authenticator, query({ usersig })), /^USERSIG_|^TOO_MANY/, `at ${i}`);
  }
});

test('after many failures the caller waits a minute (70050); who is verified already goes on', async () => {
  const own = new ManualClock();
  const authenticator = new Authenticator([app], own, NEVER);
  await outcome(authenticator, query({}));
  const bad = query({ usersig: await sign({ key: 'guessed' }) });
  for (let i = 0; i < MAX_FAILURES; i++) assert.equal(await outcome(authenticator, bad), 'USERSIG_WRONG_KEY');
  assert.equal(await outcome(authenticator, bad), 'TOO_MANY_AUTH_FAILURES');
  assert.equal(
    await outcome(authenticator, query({ usersig: await sign({ key: 'old-key' }) })),
    'TOO_MANY_AUTH_FAILURES',
  );
  assert.equal(await outcome(authenticator, query({})), '1400000001 administrator');
  own.advance(60_000);
  assert.equal(await outcome(authenticator, bad), 'USERSIG_WRONG_KEY');
});

test('invalidated UserSigs are refused (70052): at once where it was done, within a minute elsewhere; new ones pass', async () => {
  const own = new ManualClock();
  let sigsFrom = 0;
  const authenticator = new Authenticator([app], own, async () => sigsFrom);
  assert.equal(await outcome(authenticator, query({})), '1400000001 administrator');
  sigsFrom = now + 10;
  assert.equal(await outcome(authenticator, query({})), '1400000001 administrator');
  own.advance(60_000);
  assert.equal(await outcome(authenticator, query({})), 'USERSIG_REVOKED');
  const newer = query({ usersig: await sign({ now: now + 10 }) });
  assert.equal(await outcome(authenticator, newer), '1400000001 administrator');
  sigsFrom = now + 61;
  authenticator.end(app.sdkAppId, 'administrator');
  assert.equal(await outcome(authenticator, newer), 'USERSIG_REVOKED');
});
