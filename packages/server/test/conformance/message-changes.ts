import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LaneKey } from '../../src/store/lanes.ts';
import type { MessageResults } from '../../src/store/message-commands.ts';
import { DAY, START, startReplay, trim } from './commands.ts';
import type { OpenStore, StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

const NEW = '[{"MsgContent":{"Text":"new"},"MsgType":"TIMTextElem"}]';
const inScene = (scene: Scene) => ({
  now: scene.now,
  app: scene.app,
  operator: 'administrator',
  groupId: 'g',
});

const recall = (scene: Scene, ...msgSeqs: number[]) =>
  scene.commit({ type: 'recallMessages', ...inScene(scene), msgSeqs });
const modify = (scene: Scene, msgSeq: number, fields: { msgBodyJson?: string; cloudCustomData?: string }) =>
  scene.commit({ type: 'modifyMessage', ...inScene(scene), msgSeq, ...fields });

function codes(result: MessageResults['recallMessages']): unknown {
  return result.kind === 'refused'
    ? result.error
    : result.messages.map(({ msgSeq, refusal }) => [msgSeq, refusal?.error]);
}

async function shown(scene: Scene, groupId = 'g') {
  const page = await scene.store.history({ app: scene.app, groupId, fromMsgSeq: 0, limit: 20 });
  return page?.messages.map(({ msgSeq, state, msgBodyJson, cloudCustomData }) => [
    msgSeq,
    state,
    msgBodyJson,
    cloudCustomData,
  ]);
}

/** A group `g` of `a` and `b` with an endpoint; whoever has sent something before is the test's business. */
async function group(open: OpenStore): Promise<{ scene: Scene; lane: LaneKey }> {
  const scene = await openScene(open, { rules: { groupMessagesPerSecond: 0 } });
  const { streamId } = await scene.group('g', ['a', 'b']);
  return { scene, lane: { streamId, endpointId: await scene.endpoint('hook') } };
}

export function messageChangeSuite(kind: StoreKind): void {
  describe('recalling and modifying', () => {
    recalls(kind);
    modifications(kind);
    originals(kind);
    races(kind);
  });
}

function recalls({ open }: StoreKind): void {
  test('a recalled message keeps its number and sender, and loses what it said', async () => {
    const { scene } = await group(open);
    await using _ = scene;
    await scene.sent('g', 'a', { cloudCustomData: 'c' });
    await scene.sent('g', 'a');
    const before = await scene.groupNow('g');
    assert.deepEqual(codes(await recall(scene, 2, 9, 2, 0)), [
      [2, undefined],
      [9, 'MESSAGE_NOT_FOUND'],
      [0, 'MESSAGE_NOT_FOUND'],
    ]);
    const [second, first] = (await shown(scene)) ?? [];
    assert.deepEqual(second, [2, 'recalled', '[]', undefined]);
    assert.deepEqual(first?.[1], 'normal');
    assert.deepEqual(await scene.groupNow('g'), before);
    assert.deepEqual(codes(await recall(scene, 2)), [[2, 'RECALL_DENIED']]);
  });

  test('a tip, an AVChatRoom and a group that is not there are left alone', async () => {
    const { scene } = await group(open);
    await using _ = scene;
    await scene.accounts('c');
    await scene.commit({ type: 'addMembers', ...inScene(scene), userIds: ['c'], silent: false });
    assert.deepEqual(codes(await recall(scene, 1)), [[1, 'RECALL_DENIED']]);
    await scene.group('room', ['a'], { groupType: 'AVChatRoom' });
    await scene.sent('room', 'a');
    const elsewhere = { type: 'recallMessages', ...inScene(scene), msgSeqs: [1] } as const;
    assert.equal(codes(await scene.commit({ ...elsewhere, groupId: 'room' })), 'RECALL_UNSUPPORTED');
    assert.equal(codes(await scene.commit({ ...elsewhere, groupId: 'none' })), 'GROUP_NOT_FOUND');
  });

  test('all that one user has sent among the last 1,000 goes at once', async () => {
    const { scene } = await group(open);
    await using _ = scene;
    const sends = Array.from({ length: 1_002 }, (_, i) => scene.sent('g', i === 900 ? 'b' : 'a'));
    await Promise.all(sends);
    await recall(scene, 1_000);
    const all = { type: 'recallMessagesOf', ...inScene(scene), sender: 'a' } as const;
    assert.deepEqual(await scene.commit(all), { kind: 'done', recalled: 998 });
    const states = async (from: number) =>
      (await scene.store.history({ app: scene.app, groupId: 'g', fromMsgSeq: from, limit: 3 }))?.messages.map(
        ({ state }) => state,
      );
    assert.deepEqual(await states(3), ['recalled', 'normal', 'normal']);
    assert.deepEqual(await states(902), ['recalled', 'normal', 'recalled']);
    assert.deepEqual(await scene.commit(all), { kind: 'done', recalled: 0 });
    await scene.group('room', ['a'], { groupType: 'AVChatRoom' });
    assert.deepEqual(await scene.commit({ ...all, groupId: 'room' }), { kind: 'done', recalled: 0 });
  });
}

function modifications({ open }: StoreKind): void {
  test('what is given is overwritten, the rest stays', async () => {
    const { scene } = await group(open);
    await using _ = scene;
    await scene.sent('g', 'a', { cloudCustomData: 'old' });
    assert.deepEqual(await modify(scene, 1, { msgBodyJson: NEW }), { kind: 'done' });
    assert.deepEqual(await shown(scene), [[1, 'normal', NEW, 'old']]);
    assert.deepEqual(await modify(scene, 1, { cloudCustomData: 'later' }), { kind: 'done' });
    assert.deepEqual(await shown(scene), [[1, 'normal', NEW, 'later']]);
  });

  test('what is not there, a tip, recalled or too long is refused and changes nothing', async () => {
    const { scene } = await group(open);
    await using _ = scene;
    await scene.sent('g', 'a');
    await scene.sent('g', 'a');
    await recall(scene, 2);
    await scene.accounts('c');
    await scene.commit({ type: 'addMembers', ...inScene(scene), userIds: ['c'], silent: false });
    const before = await shown(scene);
    const tooLong = 'x'.repeat(scene.rules.messageBytes);
    const refused: [number, { cloudCustomData: string }, string][] = [
      [1, { cloudCustomData: tooLong }, 'BODY_TOO_LONG'],
      [2, { cloudCustomData: 'c' }, 'RECALL_DENIED'],
      [3, { cloudCustomData: 'c' }, 'RECALL_DENIED'],
      [4, { cloudCustomData: 'c' }, 'MESSAGE_NOT_FOUND'],
    ];
    for (const [msgSeq, fields, error] of refused) {
      const result = await modify(scene, msgSeq, fields);
      assert.deepEqual(result.kind === 'refused' && result.error, error, String(msgSeq));
    }
    assert.deepEqual(await shown(scene), before);
    await scene.group('room', ['a'], { groupType: 'AVChatRoom' });
    const room = {
      type: 'modifyMessage',
      ...inScene(scene),
      groupId: 'room',
      msgSeq: 1,
      msgBodyJson: NEW,
    } as const;
    const inRoom = await scene.commit(room);
    assert.deepEqual(inRoom.kind === 'refused' && inRoom.error, 'PERMISSION_DENIED');
  });
}

function originals({ open }: StoreKind): void {
  test('the first delivery and every replay send what was sent, whatever became of it', async () => {
    const { scene, lane } = await group(open);
    await using _ = scene;
    await scene.sent('g', 'a', { cloudCustomData: 'c', at: [{ all: true }] });
    await scene.sent('g', 'b');
    const original = (await scene.read(lane, 0)).events;
    await modify(scene, 1, { msgBodyJson: NEW, cloudCustomData: 'other' });
    await modify(scene, 1, { msgBodyJson: '[]' });
    await recall(scene, 1, 2);
    assert.deepEqual((await scene.read(lane, 0)).events, original);
    assert.deepEqual(await scene.drain(lane.endpointId), original);
    await scene.commit(startReplay('hook', { groupId: 'g' }));
    const replayed = await scene.drain(lane.endpointId);
    assert.deepEqual(
      replayed.map(({ replayId: _id, ...event }) => event),
      original,
    );
  });

  test('a repeated send is recognised after a change of the first', async () => {
    const { scene } = await group(open);
    await using _ = scene;
    const first = await scene.sent('g', 'a', { random: 7 });
    await modify(scene, 1, { msgBodyJson: NEW });
    const again = { kind: 'duplicate', msgSeq: 1, msgTime: first.msgTime };
    assert.deepEqual(await scene.send('g', 'a', { random: 7 }), again);
    await recall(scene, 1);
    assert.deepEqual(await scene.send('g', 'a', { random: 7 }), again);
  });

  test('once its log row is trimmed the original is gone, and the message can still be changed', async () => {
    const { scene, lane } = await group(open);
    await using _ = scene;
    await scene.sent('g', 'a');
    await modify(scene, 1, { msgBodyJson: NEW });
    await scene.drain(lane.endpointId);
    scene.now = START + 8 * DAY;
    await scene.commit(trim({ now: scene.now }));
    assert.deepEqual(await shown(scene), [[1, 'normal', NEW, undefined]]);
    assert.deepEqual(codes(await recall(scene, 1)), [[1, undefined]]);
    assert.deepEqual(await shown(scene), [[1, 'recalled', '[]', undefined]]);
  });
}

function races({ open }: StoreKind): void {
  test('of two recalls at once one is done; a recall and a modification end recalled', async () => {
    const { scene } = await group(open);
    await using _ = scene;
    await scene.sent('g', 'a');
    const command = { type: 'recallMessages', ...inScene(scene), msgSeqs: [1] } as const;
    const both = await scene.batch(command, command);
    assert.deepEqual(both.map(codes), [[[1, undefined]], [[1, 'RECALL_DENIED']]]);
    const changed = { type: 'modifyMessage', ...inScene(scene), msgSeq: 2, msgBodyJson: NEW } as const;
    await scene.sent('g', 'a');
    await Promise.all([scene.commit(changed), recall(scene, 2)]);
    assert.deepEqual((await shown(scene))?.[0]?.[1], 'recalled');
  });

  test('a message sent and recalled in one batch is told as it was sent', async () => {
    const { scene, lane } = await group(open);
    await using _ = scene;
    await Promise.all([scene.sent('g', 'a'), recall(scene, 1), scene.sent('g', 'b')]);
    const events = await scene.drain(lane.endpointId);
    assert.deepEqual(
      events.map(({ seq }) => seq),
      [2, 4],
    );
    assert.deepEqual(
      (await shown(scene))?.map(([msgSeq, state]) => [msgSeq, state]),
      [
        [2, 'normal'],
        [1, 'recalled'],
      ],
    );
  });
}
