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

/** What is under way while nothing that holds a process is: as with a timer of the clock, but at once. */
const WORK = `new Promise((resolve) => {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', resolve).unref();
  port2.unref();
  port2.postMessage('done');
})`;

test('work that holds no process keeps it until it is settled, and no longer', () => {
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
