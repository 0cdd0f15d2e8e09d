import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { confab, emptyFolder, type Running, startConfab } from './support/confab.ts';
import { paste } from './support/paste.ts';

const ANY_PORT = { CONFAB_LISTEN: '127.0.0.1:0' };
const DEMO = ['demo', '--recorder', '127.0.0.1:0'];

/** The numbers of the messages on the lines that have been printed so far. */
function numbers(text: string): number[] {
  return [...text.matchAll(/^ +(\d+) {2}(?:alice|bob|chen) .* ms {2}.+$/gm)].map((match) => Number(match[1]));
}

async function stop(demo: Running): Promise<string> {
  demo.process.kill('SIGINT');
  const { code, stdout, stderr } = await demo.finished;
  assert.equal(code, 0, stderr);
  return stdout;
}

test('a conversation is played, the pasted line arrives, and the next start goes on', async (t) => {
  const cwd = emptyFolder(t);
  const first = startConfab(t, DEMO, { cwd, env: ANY_PORT });
  await first.said(/Ctrl-C stops/);
  assert.deepEqual(numbers(first.stdout()), [1, 2, 3, 4, 5, 6]);
  const [line = ''] = /^ {2}curl -s "http.*$/m.exec(first.stdout()) ?? [];
  const answer = await paste(line);
  assert.deepEqual([answer.ErrorCode, answer.MsgSeq], [0, 7]);
  await first.said(/ 7 {2}bob .*Hello from another terminal\n/);
  const said = await stop(first);
  assert.match(said, /starts afresh/);
  assert.match(
    said,
    /sender +messages\nbob +\d\n[\s\S]*delay from commit to recorded: p50 \d+ ms, p99 \d+ ms/,
  );

  const second = startConfab(t, DEMO, { cwd, env: ANY_PORT });
  await second.said(/Ctrl-C stops/);
  assert.deepEqual(numbers(await stop(second)), [8, 9, 10, 11, 12, 13]);
  assert.match(second.stdout(), /goes on where it ended/);

  const stats = await confab(t, ['record', 'stats', '--json'], { cwd });
  const { totals, holes } = JSON.parse(stats.stdout);
  assert.deepEqual([totals.messages, totals.groups, holes.missing], [13, 1, 0]);
});

test('Ctrl-C in the middle of the conversation stops it in order, and nothing is lost', async (t) => {
  const cwd = emptyFolder(t);
  const first = startConfab(t, DEMO, { cwd, env: ANY_PORT });
  await first.said(/ 2 {2}bob /);
  const played = numbers(await stop(first));
  const second = startConfab(t, DEMO, { cwd, env: ANY_PORT });
  await second.said(/Ctrl-C stops/);
  const all = [...played, ...numbers(await stop(second))];
  assert.deepEqual(
    all,
    Array.from(all, (_, i) => i + 1),
  );
});

test('a taken port is said plainly, whichever of the two it is', async (t) => {
  const cwd = emptyFolder(t);
  const other = createServer().listen(0, '127.0.0.1');
  t.after(() => other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const taken = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  const recorder = await confab(t, ['demo', '--recorder', taken], { cwd, env: ANY_PORT });
  const server = await confab(t, DEMO, { cwd, env: { CONFAB_LISTEN: taken } });
  for (const { code, stderr } of [recorder, server]) {
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`^confab: .*${taken}`, 'm'));
    assert.doesNotMatch(stderr, /\n\s+at .+:\d+:\d+/);
  }
  assert.ok(existsSync(join(cwd, 'confab-data/confab.yaml')));
});
