import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { runtimeFlags } from '../bin/runtime-flags.js';

test('on two processors or one, the runtime collects without helpers; on more it may use them', () => {
  assert.deepEqual([1, 2].map(runtimeFlags), [['--single-threaded-gc'], ['--single-threaded-gc']]);
  assert.deepEqual([3, 64].map(runtimeFlags), [[], []]);
});

test('the runtime knows what it is told', () => {
  const { status, stderr } = spawnSync(process.execPath, [...runtimeFlags(1), '--version']);
  assert.equal(status, 0, String(stderr));
});
