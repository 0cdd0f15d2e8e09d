import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { openFileStore } from '../../src/store/sqlite/open.ts';
import { APP } from '../conformance/commands.ts';
import { openScene } from '../conformance/scene.ts';

const SENDER = join(import.meta.dirname, '../conformance/send-until-killed.ts');
const ACKNOWLEDGED = 200;
const folder = mkdtempSync(join(tmpdir(), 'confab-crash-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a sender until so many of its messages were acknowledged, and kills it in the midst of the next ones. */
async function sendAndKill(path: string, firstRandom: number): Promise<Map<number, number>> {
  const args = ['--conditions=@confab-im/source', SENDER, path, String(firstRandom)];
  const sender = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(sender, 'exit');
  const acknowledged = new Map<number, number>();
  for await (const line of createInterface({ input: sender.stdout })) {
    const [msgSeq, random] = line.split(' ');
    // A line that the kill cut short has no second number.
    if (random !== undefined && random.length === String(firstRandom).length) {
      acknowledged.set(Number(msgSeq), Number(random));
    }
    if (acknowledged.size === ACKNOWLEDGED) sender.kill('SIGKILL');
  }
  const [, signal] = await exited;
  assert.equal(signal, 'SIGKILL', 'the sender ended by itself');
  assert.ok(acknowledged.size >= ACKNOWLEDGED);
  return acknowledged;
}

test('after kill -9 every acknowledged message is there, in order, and the numbers go on without a hole', async () => {
  const path = join(folder, 'confab.db');
  const acknowledged = new Map<number, number>();
  const delivered: number[] = [];
  for (const firstRandom of [1_000_000, 2_000_000, 3_000_000]) {
    for (const [msgSeq, random] of await sendAndKill(path, firstRandom)) {
      assert.equal(acknowledged.has(msgSeq), false, `MsgSeq ${msgSeq} was given twice`);
      acknowledged.set(msgSeq, random);
    }
    await using scene = await openScene(async ({ rules }) => openFileStore(path, { rules }));
    const { nextMsgSeq } = await scene.groupNow('g');
    const page = await scene.store.history({ app: APP, groupId: 'g', fromMsgSeq: 0, limit: nextMsgSeq });
    const stored = new Map((page?.messages ?? []).map((message) => [message.msgSeq, message.random]));
    assert.deepEqual(
      [...stored.keys()].reverse(),
      Array.from({ length: nextMsgSeq - 1 }, (_, n) => n + 1),
    );
    for (const [msgSeq, random] of acknowledged) assert.equal(stored.get(msgSeq), random);
    const [hook] = await scene.store.endpoints();
    const events = await scene.drain(hook?.id ?? 0);
    delivered.push(...events.map(({ facts }) => facts.msgSeq));
    assert.deepEqual(delivered, [...stored.keys()].reverse());
  }
});
