import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ATTEMPTS_BEFORE_PARKING, afterFailedAttempt, type Failure, type Tries } from './delivery.ts';
import type { RetryPolicy } from './endpoint.ts';

const HOUR = 3_600_000;
const NOW = 100 * HOUR;
const RETRY: RetryPolicy = {
  baseDelayMs: 1_000,
  maxDelayMs: 60_000,
  maxRetryAfterMs: HOUR,
  maxAttempts: null,
  maxAgeMs: 72 * HOUR,
  permanentStatuses: [410],
};
const FAILURE: Failure = {
  kind: 'failed',
  verdict: 'http_status',
  detail: 'the receiver answered 500',
  status: 500,
  retryAfterMs: 0,
  usesAttempt: true,
  overloaded: false,
};

interface Case {
  readonly retry?: Partial<RetryPolicy>;
  readonly onHeadFailure?: 'block' | 'park' | 'skip';
  readonly tries?: Partial<Tries>;
  readonly failure?: Partial<Failure>;
  readonly probe?: boolean;
  readonly random?: number;
}

function next({ retry, onHeadFailure = 'block', tries, failure, probe = false, random = 0.5 }: Case) {
  return afterFailedAttempt(
    { retry: { ...RETRY, ...retry }, onHeadFailure },
    { attempts: 0, firstAttemptAt: NOW, ...tries },
    { ...FAILURE, ...failure },
    { now: NOW, random, probe },
  );
}

test('a failure is tried again, later and later', () => {
  assert.deepEqual(next({}), { kind: 'retry', attempts: 1, delayMs: 500 });
  assert.deepEqual(next({ tries: { attempts: 3 } }), { kind: 'retry', attempts: 4, delayMs: 4_000 });
  assert.deepEqual(next({ failure: { retryAfterMs: 9_000 } }), {
    kind: 'retry',
    attempts: 1,
    delayMs: 9_000,
  });
});

test('a probe and a refused connection use up no attempt, but are tried again as after one', () => {
  assert.deepEqual(next({ probe: true }), { kind: 'retry', attempts: 0, delayMs: 500 });
  const refused = { usesAttempt: false };
  assert.deepEqual(next({ failure: refused }), { kind: 'retry', attempts: 0, delayMs: 500 });
  const last = { tries: { attempts: 1 }, retry: { maxAttempts: 2 } };
  assert.equal(next({ ...last, failure: refused }).kind, 'retry');
  assert.equal(next({ ...last, probe: true }).kind, 'retry');
  assert.equal(next(last).kind, 'dead');
});

test('a head that blocks is given up by age alone, unless a number is set', () => {
  assert.equal(next({ tries: { attempts: 1_000_000 } }).kind, 'retry');
  assert.deepEqual(next({ retry: { maxAttempts: 3 }, tries: { attempts: 2 } }), {
    kind: 'dead',
    reason: 'attempts',
    attempts: 3,
    detail: 'given up after 3 attempts: the receiver answered 500',
  });
});

for (const onHeadFailure of ['park', 'skip'] as const) {
  test(`with ${onHeadFailure} a head is given up after ${ATTEMPTS_BEFORE_PARKING} attempts, or the number set`, () => {
    const after = (attempts: number, maxAttempts: number | null) =>
      next({ onHeadFailure, tries: { attempts: attempts - 1 }, retry: { maxAttempts } }).kind;
    assert.deepEqual([after(9, null), after(10, null)], ['retry', 'dead']);
    assert.deepEqual([after(10, 12), after(12, 12)], ['retry', 'dead']);
    assert.equal(after(1, 1), 'dead');
  });
}

test('past the age limit an event is dead, however it failed', () => {
  const old = { tries: { attempts: 5, firstAttemptAt: NOW - 72 * HOUR } };
  assert.deepEqual(next(old), {
    kind: 'dead',
    reason: 'age',
    attempts: 6,
    detail: 'given up 72.0 h after the first attempt: the receiver answered 500',
  });
  assert.equal(next({ ...old, failure: { usesAttempt: false } }).kind, 'dead');
  assert.equal(next({ ...old, probe: true }).kind, 'dead');
  assert.equal(next({ tries: { firstAttemptAt: NOW - 72 * HOUR + 1 } }).kind, 'retry');
});

test('a status that no attempt would change ends it at once, whatever the head does otherwise', () => {
  const gone: Partial<Failure> = { status: 410, detail: 'the receiver answered HTTP 410' };
  for (const onHeadFailure of ['block', 'park', 'skip'] as const) {
    assert.deepEqual(next({ onHeadFailure, failure: gone }), {
      kind: 'dead',
      reason: 'permanent',
      attempts: 1,
      detail: 'given up for good: the receiver answered HTTP 410',
    });
  }
  const none = { permanentStatuses: [] };
  assert.equal(next({ failure: gone, retry: none }).kind, 'retry');
  assert.equal(next({ failure: { status: 422 }, retry: { permanentStatuses: [410, 422] } }).kind, 'dead');
  assert.equal(next({ failure: { status: 404 } }).kind, 'retry');
});

test('a probe gives nothing up for its status: an endpoint that was taken away must not empty its backlog', () => {
  assert.deepEqual(next({ probe: true, failure: { status: 410 } }), {
    kind: 'retry',
    attempts: 0,
    delayMs: 500,
  });
  const old = { firstAttemptAt: NOW - 72 * HOUR };
  assert.equal(next({ probe: true, failure: { status: 410 }, tries: old }).kind, 'dead');
});
