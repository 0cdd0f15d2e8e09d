import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { acknowledged, readStandardAnswer, STANDARD_OK, standardError } from './answer.ts';
import { POSITION_HEADER } from './position.ts';

const header = (value: string | readonly string[]) => ({ [POSITION_HEADER]: value });

test('the position is read from the header, or else from the body', () => {
  assert.deepEqual(readStandardAnswer(200, header('41'), ''), { kind: 'ok', appliedThrough: 41 });
  assert.deepEqual(readStandardAnswer(204, {}, '{"appliedThrough":41}'), { kind: 'ok', appliedThrough: 41 });
  assert.deepEqual(readStandardAnswer(299, header('0'), '{"appliedThrough":41}'), {
    kind: 'ok',
    appliedThrough: 0,
  });
});

test('an answer without a position is an answer', () => {
  for (const body of [STANDARD_OK, '', 'ok', 'null', '[]', '7', '{"ActionStatus":"OK"}']) {
    assert.deepEqual(readStandardAnswer(200, {}, body), { kind: 'ok' }, body);
  }
});

test('a position that cannot be read is said so, with what to answer', () => {
  for (const [headers, body] of [
    [header('x'), ''],
    [header(''), '{"appliedThrough":1}'],
    [header('1, 2'), ''],
    [header(['1', '2']), ''],
    [{}, '{"appliedThrough":"1"}'],
    [{}, '{"appliedThrough":-1}'],
    [{}, '{"appliedThrough":null}'],
    [{}, '{"appliedThrough":1e300}'],
  ] as const) {
    const answer = readStandardAnswer(200, headers, body);
    assert.ok(answer.kind === 'malformed' && /one whole number from 0/.test(answer.why), body);
  }
});

test('an answer that is not 2xx gives no position', () => {
  for (const status of [199, 300, 409, 500]) {
    const answer = readStandardAnswer(status, header('7'), standardError('no'));
    assert.deepEqual(answer, { kind: 'refused' });
    assert.deepEqual(acknowledged(answer, { first: 7, last: 9 }), { kind: 'none' });
  }
});

test('what is acknowledged: all, a part, or a move', () => {
  const sent = { first: 7, last: 9 };
  const of = (appliedThrough: number) => acknowledged({ kind: 'ok', appliedThrough }, sent);
  assert.deepEqual(acknowledged({ kind: 'ok' }, sent), { kind: 'all' });
  assert.deepEqual(of(9), { kind: 'all' });
  assert.deepEqual(of(8), { kind: 'part', through: 8 });
  assert.deepEqual(of(7), { kind: 'part', through: 7 });
  assert.deepEqual(of(6), { kind: 'move', through: 6 });
  assert.deepEqual(of(10), { kind: 'move', through: 10 });
});

test('an unreadable position leaves a single event delivered, and a batch to be sent again', () => {
  const unreadable = readStandardAnswer(200, header('all of it'), '');
  assert.deepEqual(acknowledged(unreadable, { first: 7, last: 7 }), { kind: 'all' });
  assert.deepEqual(acknowledged(unreadable, { first: 7, last: 8 }), { kind: 'none' });
});

test('property: whatever is answered is judged, and nothing beyond a position is acknowledged', () => {
  const sent = fc.tuple(fc.integer({ min: 1, max: 50 }), fc.nat(20)).map(([first, more]) => ({
    first,
    last: first + more,
  }));
  const value = fc.oneof(fc.nat(80).map(String), fc.string());
  fc.assert(
    fc.property(
      sent,
      fc.integer({ min: 100, max: 599 }),
      fc.option(value),
      fc.json(),
      (range, status, text, body) => {
        const answer = readStandardAnswer(status, text === null ? {} : header(text), body);
        const verdict = acknowledged(answer, range);
        if ('through' in verdict) assert.equal(String(verdict.through), text);
        if (answer.kind === 'ok' && answer.appliedThrough !== undefined && verdict.kind === 'all') {
          assert.equal(answer.appliedThrough, range.last);
        }
      },
    ),
  );
});
