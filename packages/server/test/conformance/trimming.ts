import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Trim } from '../../src/store/commands.ts';
import type { LaneKey } from '../../src/store/lanes.ts';
import { sentFacts } from '../support/sent-facts.ts';
import { APP, checkpoint, DAY, HOUR, progress, START, sendMessage, startReplay, trim } from './commands.ts';
import type { OpenStore, StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

const LATER = START + 8 * DAY;

/** A group `g` created at the start with so many messages right after it: events 2, 3, … and an endpoint that has them all. */
async function oldGroup(open: OpenStore, messages: number): Promise<{ scene: Scene; lane: LaneKey }> {
  const scene = await openScene(open, { rules: { groupMessagesPerSecond: 0 } });
  const { streamId } = await scene.group('g', ['a']);
  const lane = { streamId, endpointId: await scene.endpoint('hook') };
  await scene.batch(...Array.from({ length: messages }, () => sendMessage('g', 'a', { now: START + 1 })));
  await scene.drain(lane.endpointId);
  return { scene, lane };
}

/** Trims until nothing more is to be had; how many pages, log rows and messages that were. */
async function trimAll(scene: Scene, fields: Partial<Trim> = {}) {
  const sum = { pages: 0, logRows: 0, messages: 0 };
  for (;;) {
    const page = await scene.commit(trim({ now: LATER, ...fields }));
    sum.pages += 1;
    sum.logRows += page.logRows;
    sum.messages += page.messages;
    assert.ok(sum.pages < 100, 'trimming does not end');
    if (!page.more) return sum;
  }
}

/** Log sequences of messages that are still in the log, by replaying all there is. */
async function inLog(scene: Scene, lane: LaneKey): Promise<number[]> {
  await scene.commit(startReplay('hook', { groupId: 'g', now: LATER }));
  return (await scene.drain(lane.endpointId)).map((event) => event.seq);
}

export function trimSuite(kind: StoreKind): void {
  describe('trimming', () => {
    windows(kind);
    pins(kind);
    messages(kind);
    leftovers(kind);
  });
}

function windows({ open }: StoreKind): void {
  test('delivered events go when the replay window is over; history and numbers stay', async () => {
    const { scene, lane } = await oldGroup(open, 3);
    await using _ = scene;
    await scene.sent('g', 'a', { now: LATER - DAY });
    await scene.drain(lane.endpointId);
    assert.deepEqual(await trimAll(scene), { pages: 1, logRows: 4, messages: 0 });
    assert.deepEqual(await inLog(scene, lane), [5]);
    assert.deepEqual(await scene.history('g'), [4, 3, 2, 1]);
    const next = await scene.sent('g', 'a', { now: LATER });
    assert.deepEqual([next.logSeq, next.msgSeq], [6, 5]);
  });

  test('within the window nothing goes, and 0 means for ever', async () => {
    const { scene, lane } = await oldGroup(open, 2);
    await using _ = scene;
    assert.deepEqual(await trimAll(scene, { now: START + 7 * DAY - 1 }), {
      pages: 1,
      logRows: 0,
      messages: 0,
    });
    const forEver = { replayWindowMs: 0, messageWindowMs: 0, now: START + 9_999 * DAY };
    assert.deepEqual(await trimAll(scene, forEver), { pages: 1, logRows: 0, messages: 0 });
    assert.deepEqual(await inLog(scene, lane), [2, 3]);
  });

  test('goes a bounded page at a time, and says whether there is more', async () => {
    const { scene, lane } = await oldGroup(open, 25);
    await using _ = scene;
    const page = await scene.commit(trim({ now: LATER, limit: 10 }));
    assert.deepEqual(page, { kind: 'done', logRows: 10, messages: 0, more: true });
    const rest = await trimAll(scene, { limit: 10 });
    assert.deepEqual([rest.logRows, rest.pages >= 2], [16, true]);
    assert.deepEqual(
      await scene.commit(startReplay('hook', { groupId: 'g' })).then(({ kind }) => kind),
      'done',
    );
    assert.deepEqual(await scene.drain(lane.endpointId), []);
  });

  test('many groups are trimmed page by page', async () => {
    await using scene = await openScene(open);
    for (let n = 0; n < 70; n += 1) await scene.group(`g${n}`, []);
    const sum = await trimAll(scene);
    assert.deepEqual([sum.logRows, sum.pages], [70, 2]);
  });

  test('a repeated send is recognised as long as its window says, however short the replay window', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.sent('g', 'a', { random: 7 });
    await trimAll(scene, { now: START + 60_000, replayWindowMs: 1_000 });
    assert.equal((await scene.send('g', 'a', { random: 7, now: START + 60_000 })).kind, 'duplicate');
    assert.equal((await trimAll(scene, { now: START + HOUR, replayWindowMs: 1_000 })).logRows, 2);
  });
}

function pins({ open }: StoreKind): void {
  test('what a lane has not delivered stays', async () => {
    const { scene, lane } = await oldGroup(open, 1);
    await using _ = scene;
    await scene.sent('g', 'a', { now: START + 2 });
    await scene.sent('g', 'a', { now: START + 3 });
    await scene.save(progress(lane, { cursor: 3 }));
    assert.equal((await trimAll(scene)).logRows, 3);
    assert.deepEqual(
      (await scene.drain(lane.endpointId)).map((event) => event.seq),
      [4],
    );
    assert.equal((await trimAll(scene, { now: LATER + HOUR })).logRows, 1);
  });

  test('what a replay still has to send stays', async () => {
    const { scene, lane } = await oldGroup(open, 4);
    await using _ = scene;
    await scene.commit(startReplay('hook', { groupId: 'g', fromMsgSeq: 3 }));
    assert.equal((await trimAll(scene)).logRows, 3);
    assert.deepEqual(
      (await scene.drain(lane.endpointId)).map((event) => event.seq),
      [4, 5],
    );
    assert.equal((await trimAll(scene, { now: LATER + HOUR })).logRows, 2);
  });

  test('a dead letter keeps its own event and nothing else', async () => {
    const { scene, lane } = await oldGroup(open, 30);
    await using _ = scene;
    const letter = (seq: number) =>
      ({ lane, seq, reason: 'age', detail: '', attempts: 1, firstAttemptAt: START }) as const;
    await scene.commit(
      checkpoint(scene.store.generation, { deadLetters: [letter(2), letter(3), letter(9)] }),
    );
    assert.equal((await trimAll(scene, { limit: 2 })).logRows, 28);
    const rows = await scene.store.deadLetters({ includeReplayed: false, limit: 9 });
    assert.deepEqual(
      rows.map((row) => [row.logSeq, row.msgSeq]),
      [
        [9, 8],
        [3, 2],
        [2, 1],
      ],
    );
    for (const { id } of rows) await scene.commit({ type: 'replayDeadLetter', now: LATER, app: APP, id });
    const again = await scene.drain(lane.endpointId);
    assert.deepEqual(
      again.map(({ facts }) => facts.msgSeq),
      [8, 2, 1],
    );
    assert.equal((await trimAll(scene, { now: LATER + HOUR })).logRows, 3);
  });
}

function messages({ open }: StoreKind): void {
  test('messages go when their own window is over', async () => {
    const { scene, lane } = await oldGroup(open, 25);
    await using _ = scene;
    await scene.sent('g', 'a', { now: LATER });
    await scene.drain(lane.endpointId);
    const sum = await trimAll(scene, { messageWindowMs: DAY, limit: 10 });
    assert.deepEqual([sum.logRows, sum.messages], [26, 25]);
    assert.deepEqual(await scene.history('g'), [26]);
    assert.equal((await scene.sent('g', 'a', { now: LATER })).msgSeq, 27);
  });

  test('a message stays while its event may still be sent', async () => {
    const { scene, lane } = await oldGroup(open, 3);
    await using _ = scene;
    const letter = { lane, seq: 2, reason: 'age', detail: '', attempts: 1, firstAttemptAt: START } as const;
    await scene.commit(checkpoint(scene.store.generation, { deadLetters: [letter] }));
    const early = { now: START + 2 * DAY, messageWindowMs: DAY };
    assert.deepEqual(await trimAll(scene, early), { pages: 1, logRows: 0, messages: 0 });
    const sum = await trimAll(scene, { messageWindowMs: DAY, limit: 1 });
    assert.deepEqual([sum.logRows, sum.messages], [3, 2]);
    assert.deepEqual(await scene.history('g'), [1]);
    const [row] = await scene.store.deadLetters({ includeReplayed: false, limit: 1 });
    await scene.commit({ type: 'replayDeadLetter', now: LATER, app: APP, id: row?.id ?? 0 });
    const [event] = await scene.drain(lane.endpointId);
    assert.equal(sentFacts(event).msgBodyJson, '[{"MsgContent":{"Text":"hello"},"MsgType":"TIMTextElem"}]');
  });

  test('an app and a group can have windows of their own', async () => {
    await using scene = await openScene(open);
    for (const groupId of ['short', 'long', 'app']) {
      await scene.group(groupId, ['a']);
      await scene.sent(groupId, 'a');
    }
    const groups = [
      { groupIds: ['short'], messagesMs: DAY },
      { groupIds: ['long'], messagesMs: 0 },
    ];
    const windows = { messageWindowMs: 0, apps: [{ app: APP, messagesMs: 30 * DAY, groups }] };
    const kept = () => Promise.all(['short', 'app', 'long'].map((groupId) => scene.history(groupId)));
    await trimAll(scene, windows);
    assert.deepEqual(await kept(), [[], [1], [1]]);
    await trimAll(scene, { ...windows, now: START + 31 * DAY });
    assert.deepEqual(await kept(), [[], [], [1]]);
  });

  test('kept for ever, they outlast the log', async () => {
    const { scene } = await oldGroup(open, 2);
    await using _ = scene;
    await trimAll(scene, { now: START + 9_999 * DAY });
    assert.deepEqual(await scene.history('g'), [2, 1]);
  });
}

function leftovers({ open }: StoreKind): void {
  test('attempts and delivered ranges go with the window, but not those of an open dead letter', async () => {
    const { scene, lane } = await oldGroup(open, 3);
    await using _ = scene;
    const failed = (seq: number, at: number) =>
      ({ lane, seq, attempt: 1, at, durationMs: 1, verdict: 'timeout', detail: '', probe: false }) as const;
    const delivered = { fromSeq: 2, throughSeq: 4, count: 3, firstAt: START, lastAt: START };
    await scene.commit(
      checkpoint(scene.store.generation, {
        attempts: [failed(2, START), failed(3, START), failed(4, LATER)],
        deadLetters: [{ lane, seq: 3, reason: 'age', detail: '', attempts: 1, firstAttemptAt: START }],
        lanes: [progress(lane, { cursor: 4, idle: true, delivered })],
      }),
    );
    await trimAll(scene, { limit: 1 });
    const left = await scene.store.attempts({ app: APP, limit: 9 });
    assert.deepEqual(
      left.map((row) => row.logSeq),
      [4, 3],
    );
    assert.deepEqual(await scene.store.deliveries({ app: APP, limit: 9 }), []);
  });

  test('the members of a large disbanded group go in pages', async () => {
    await using scene = await openScene(open, { rules: { groupsPerUser: 1 } });
    const users = Array.from({ length: 1_100 }, (_, n) => `user${n}`);
    await scene.group('g', users);
    await scene.commit({ type: 'destroyGroup', now: START, app: APP, operator: 'x', groupId: 'g' });
    const sum = await trimAll(scene, { now: START, limit: 400 });
    assert.equal(sum.pages, 3);
    await scene.group('h', ['user0', 'user1099'], { owner: 'user500' });
  });
}
