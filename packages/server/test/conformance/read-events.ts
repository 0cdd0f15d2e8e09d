import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sentFacts } from '../support/sent-facts.ts';
import { APP, START, sendMessage } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene } from './scene.ts';

export function readEventSuite(kind: StoreKind): void {
  describe('reading events', () => {
    facts(kind);
    bounds(kind);
    oddLanes(kind);
  });
}

function facts({ open, durable }: StoreKind): void {
  test('an event carries the facts of its message', async () => {
    await using scene = await openScene(open);
    const { streamId } = await scene.group('g', ['a', 'b']);
    const endpointId = await scene.endpoint('hook');
    await scene.sent('g', 'a', {
      now: START + 1_234,
      random: 99,
      operator: 'root',
      cloudCustomData: 'mine',
      at: [{ all: true }, { all: false, userId: 'b' }],
      clientIp: '192.0.2.7',
      platform: 'Web',
      operationId: 'op-1',
    });
    const { events, scannedThrough, atHead } = await scene.read({ endpointId, streamId }, 1);
    assert.deepEqual([scannedThrough, atHead, events.length], [2, true, 1]);
    const { facts: all, ...event } = events[0] ?? assert.fail();
    assert.deepEqual(event, { seq: 2, id: event.id, app: APP, time: START + 1_234 });
    const { msgId, serverMsgID, clientMsgID, ...facts } = sentFacts({ facts: all });
    assert.deepEqual(facts, {
      kind: 'group.message.sent',
      groupId: 'g',
      groupType: 'Public',
      sender: 'a',
      operator: 'root',
      random: 99,
      msgSeq: 1,
      msgTime: START / 1000 + 1,
      eventTime: START + 1_234,
      onlineOnly: false,
      msgBodyJson: '[{"MsgContent":{"Text":"hello"},"MsgType":"TIMTextElem"}]',
      cloudCustomData: 'mine',
      at: [{ all: true }, { all: false, userId: 'b' }],
      operationID: 'op-1',
      senderNickname: '',
      senderFaceUrl: '',
      clientIp: '192.0.2.7',
      platform: 'Web',
    });
    assert.match(msgId ?? '', /^144115188\d{9}-1767225601-99$/);
    assert.match(serverMsgID, /^[0-9a-f]{32}$/);
    assert.match(clientMsgID, /^[0-9a-f]{32}$/);
  });

  test('messages without a place in history are read just the same', async () => {
    await using scene = await openScene(open);
    const room = await scene.group('room', ['a'], { groupType: 'AVChatRoom' });
    const group = await scene.group('g', ['a']);
    const endpointId = await scene.endpoint('hook');
    await scene.sent('room', 'a', { cloudCustomData: 'r' });
    await scene.sent('g', 'a', { onlineOnly: true, cloudCustomData: 'o' });
    const seen = await scene.store.readEvents(
      [room, group].map(({ streamId }) => ({ endpointId, streamId, after: 0, maxEvents: 9 })),
    );
    const facts = seen.flatMap(({ events }) => events.map(sentFacts));
    assert.deepEqual(
      facts.map(({ groupId, msgSeq, onlineOnly, cloudCustomData }) => [
        groupId,
        msgSeq,
        onlineOnly,
        cloudCustomData,
      ]),
      [
        ['room', 1, false, 'r'],
        ['g', 0, true, 'o'],
      ],
    );
  });

  test('the same event has the same id and facts on every reading', async () => {
    await using scene = await openScene(open);
    const lane = {
      streamId: (await scene.group('g', ['a'])).streamId,
      endpointId: await scene.endpoint('hook'),
    };
    for (let n = 0; n < 3; n += 1) await scene.sent('g', 'a');
    const first = (await scene.read(lane, 0)).events;
    assert.equal(new Set(first.map((event) => event.id)).size, 3);
    if (durable) await scene.reopen();
    assert.deepEqual((await scene.read(lane, 0)).events, first);
  });
}

function bounds({ open }: StoreKind): void {
  test('pages end where the reader asked, and go on from there', async () => {
    await using scene = await openScene(open);
    const lane = {
      streamId: (await scene.group('g', ['a'])).streamId,
      endpointId: await scene.endpoint('hook'),
    };
    for (let n = 0; n < 5; n += 1) await scene.sent('g', 'a', { forbidAfterWebhook: n === 1 });
    const page = async (after: number) => {
      const { events, scannedThrough, atHead } = await scene.read(lane, after, 2);
      return [events.map((event) => event.seq), scannedThrough, atHead];
    };
    assert.deepEqual(await page(0), [[2, 4], 4, false]);
    assert.deepEqual(await page(4), [[5, 6], 6, true]);
    assert.deepEqual(await page(6), [[], 6, true]);
  });

  test('rows that do not match are passed over a bounded number at a time', async () => {
    await using scene = await openScene(open, { rules: { groupMessagesPerSecond: 0 } });
    const lane = {
      streamId: (await scene.group('g', ['a'])).streamId,
      endpointId: await scene.endpoint('hook'),
    };
    const silent = Array.from({ length: 1_500 }, () => sendMessage('g', 'a', { forbidAfterWebhook: true }));
    await scene.batch(...silent, sendMessage('g', 'a'));
    let after = 0;
    const seen: number[] = [];
    for (let reads = 1; ; reads += 1) {
      const { events, scannedThrough, atHead } = await scene.read(lane, after);
      assert.ok(atHead || scannedThrough > after, 'a read has to get on');
      seen.push(...events.map((event) => event.seq));
      after = scannedThrough;
      if (!atHead) continue;
      assert.ok(reads > 1, 'one read looked at 1,502 rows');
      break;
    }
    assert.deepEqual([seen, after], [[1_502], 1_502]);
  });

  test('a read brings a bounded number of bytes, and at least one event', async () => {
    await using scene = await openScene(open, {
      rules: { groupMessagesPerSecond: 0, messageBytes: 200_000 },
    });
    const lane = {
      streamId: (await scene.group('g', ['a'])).streamId,
      endpointId: await scene.endpoint('hook'),
    };
    const msgBodyJson = JSON.stringify('x'.repeat(150_000));
    await scene.batch(...Array.from({ length: 8 }, () => sendMessage('g', 'a', { msgBodyJson })));
    const first = await scene.read(lane, 1);
    assert.ok(first.events.length >= 1 && first.events.length <= 3, `${first.events.length} events`);
    assert.equal(first.atHead, false);
    assert.equal((await scene.drain(lane.endpointId)).length, 8);
  });
}

function oddLanes({ open }: StoreKind): void {
  test('a stream or an endpoint that does not exist has no events', async () => {
    await using scene = await openScene(open);
    const { streamId } = await scene.group('g', ['a']);
    await scene.sent('g', 'a');
    assert.deepEqual(await scene.read({ endpointId: 1, streamId: 99 }, 5), {
      endpointId: 1,
      streamId: 99,
      events: [],
      scannedThrough: 5,
      atHead: true,
    });
    assert.deepEqual((await scene.read({ endpointId: 99, streamId }, 0)).events, []);
  });

  test('the lane of a disbanded group is delivered to its end', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    const hook = await scene.endpoint('hook');
    await scene.sent('g', 'a');
    await scene.commit({ type: 'destroyGroup', now: START, app: APP, operator: 'x', groupId: 'g' });
    assert.deepEqual(
      (await scene.drain(hook)).map(({ facts }) => [facts.groupId, facts.msgSeq]),
      [['g', 1]],
    );
  });
}
