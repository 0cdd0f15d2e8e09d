import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions, SCENARIO_NAMES } from './options.ts';

test('a run without arguments measures everything with a backlog of a million', () => {
  assert.deepEqual(readOptions([]), {
    seconds: 8,
    pairs: 5,
    backlog: 1_000_000,
    only: SCENARIO_NAMES,
    quick: false,
    writeDocs: false,
  });
});

test('--quick shortens what is not given', () => {
  const options = readOptions(['--quick', '--seconds', '3']);
  assert.ok(options !== 'help');
  assert.deepEqual([options.seconds, options.pairs, options.backlog], [3, 1, 50_000]);
});

test('--only may be repeated', () => {
  const options = readOptions(['--only', 'delay', '--only', 'backlog']);
  assert.ok(options !== 'help');
  assert.deepEqual(options.only, ['delay', 'backlog']);
});

test('what does not fit is refused with a sentence', () => {
  const refusals: [string[], RegExp][] = [
    [['--only', 'dealy'], /There is no scenario "dealy"; there are throughput, postgres/],
    [['--seconds', '0'], /--seconds takes a whole number from 1 to 600, not "0"/],
    [['--pairs', '1.5'], /--pairs takes a whole number from 1 to 100, not "1.5"/],
    [['--write-docs', '--only', 'delay'], /leave --only out/],
    [['--fast'], /--fast/],
  ];
  for (const [args, why] of refusals) assert.throws(() => readOptions(args), why);
});
