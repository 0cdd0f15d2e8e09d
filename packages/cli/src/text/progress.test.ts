import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressOn } from './progress.ts';

function output(isTTY: boolean) {
  const said: string[] = [];
  let now = 0;
  const progress = progressOn({ isTTY, columns: 62, write: (text) => said.push(text) }, () => now);
  return { said, progress, pass: (ms: number) => (now += ms) };
}

test('a terminal has one line that is written again, at most ten times a second, and cut to its width', () => {
  const { said, progress, pass } = output(true);
  for (let done = 0; done < 100; done += 10) {
    progress.show({ label: 'copy log', done, total: 100 });
    pass(50);
  }
  progress.show({ label: 'copy log', done: 100, total: 100 });
  progress.end();
  progress.end();
  assert.equal(said.length, 7);
  assert.equal(said[0], '\r[                        ] 0 % copy log: 0 of 100 rows\u001b[K');
  assert.equal(said[1], '\r[#####                   ] 20 % copy log: 20 of 100 rows, 200\u001b[K');
  assert.equal(said[6], '\n');
});

test('elsewhere there is a line every five seconds, and one at the end', () => {
  const { said, progress, pass } = output(false);
  for (let done = 0; done <= 1_000; done += 100) {
    progress.show({ label: 'compare message', done, total: 1_000 });
    pass(1_000);
  }
  progress.end();
  assert.deepEqual(said, [
    '[                        ] 0 % compare message: 0 of 1,000 rows\n',
    '[############            ] 50 % compare message: 500 of 1,000 rows, 100/s, 5 s left\n',
    '[########################] 100 % compare message: 1,000 of 1,000 rows, 100/s\n',
  ]);
});

test('nothing at all to do is done', () => {
  const { said, progress } = output(false);
  progress.show({ label: 'copy log', done: 0, total: 0 });
  assert.deepEqual(said, ['[########################] 100 % copy log: 0 of 0 rows\n']);
});
