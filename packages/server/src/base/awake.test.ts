import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const AWAKE = new URL('./awake.ts', import.meta.url).href;

/** Runs this as a module of its own; its exit code and what it says. */
function run(text: string): readonly [number | null, string] {
  const args = ['--input-type=module', '-e', `import { awake } from '${AWAKE}'; ${text}`];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return [status, stdout];
}

const WORK = `new Promise((resolve) => setTimeout(resolve, 20, 'done').unref())`;

test('work that only waits for the clock keeps the process until it is settled, and no longer', () => {
  assert.deepEqual(run(`console.log(await awake(${WORK}))`), [0, 'done\n']);
  assert.deepEqual(run(`await awake(${WORK}.then(() => { throw 1 })).catch(() => console.log('failed'))`), [
    0,
    'failed\n',
  ]);
});

test('without it Node.js ends in the middle', () => {
  const [code, said] = run(`console.log(await ${WORK})`);
  assert.deepEqual([code === 0, said], [false, '']);
});
