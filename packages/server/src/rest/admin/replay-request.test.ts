import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemText } from '../../domain/settings/problem.ts';
import { parseReplay } from './replay-request.ts';

test('ranges of a group, of time, or everything', () => {
  const time = Date.UTC(2026, 0, 31, 8);
  const cases: readonly (readonly [Record<string, unknown>, Record<string, unknown>])[] = [
    [{}, {}],
    [
      { groupId: 'g', fromMsgSeq: 1, toMsgSeq: 1 },
      { groupId: 'g', fromMsgSeq: 1, toMsgSeq: 1 },
    ],
    [
      { since: '2026-01-31T08:00:00Z', until: time },
      { since: time, until: time },
    ],
  ];
  for (const [range, read] of cases) {
    assert.deepEqual(parseReplay({ endpoint: 'main', ...range }), {
      ok: true,
      value: { endpoint: 'main', ...read },
    });
  }
});

test('ranges that select nothing, or that mean nothing without a group, are refused', () => {
  const cases: readonly (readonly [Record<string, unknown>, RegExp])[] = [
    [{ fromMsgSeq: 1 }, /^groupId is missing/],
    [{ groupId: 'g', fromMsgSeq: 2, toMsgSeq: 1 }, /^toMsgSeq must be at least fromMsgSeq \(2\)/],
    [{ since: 2, until: 1 }, /^until must not be before since/],
    [{ since: 'yesterday' }, /^since is no time that can be read/],
    [{ until: '2026-02-30T00:00:00Z' }, /^until is no time that can be read/],
    [{ groupId: 'g', fromMsgSeq: 0 }, /^fromMsgSeq must be a whole number from 1/],
    [{ group: 'g' }, /^group is an unknown key/],
    [{ endpoint: '' }, /^endpoint must be a text/],
  ];
  for (const [range, says] of cases) {
    const read = parseReplay({ endpoint: 'main', ...range });
    assert.match(read.ok ? 'accepted' : problemText(read.problems[0] ?? { path: [], message: '' }), says);
  }
});
