import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Command, SendMessage } from '../../src/store/commands.ts';
import { APP, createGroup, HOUR, OTHER_APP, START, sendMessage } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene } from './scene.ts';

const BODY = '[{"MsgContent":{"Text":"hi"},"MsgType":"TIMTextElem"}]';

export function sendSuite(kind: StoreKind): void {
  describe('sending', () => {
    numbering(kind);
    effects(kind);
    refusals(kind);
    duplicates(kind);
    batches(kind);
  });
}

function numbering({ open }: StoreKind): void {
  test('stored messages are 1, 2, 3 …; the log counts every event', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.accounts('b');
    const first = await scene.sent('g', 'a');
    assert.deepEqual([first.msgSeq, first.logSeq], [1, 2]);
    await scene.commit({
      type: 'addMembers',
      now: START,
      app: APP,
      operator: 'x',
      groupId: 'g',
      userIds: ['b'],
      silent: true,
    });
    const second = await scene.sent('g', 'a');
    assert.deepEqual([second.msgSeq, second.logSeq], [2, 4]);
    assert.equal(second.msgTime, START / 1000);
    assert.deepEqual(await scene.history('g'), [2, 1]);
  });

  test('an online-only message has number 0 and no place in history', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    const sent = await scene.sent('g', 'a', { onlineOnly: true });
    assert.deepEqual([sent.msgSeq, sent.logSeq], [0, 2]);
    const group = await scene.groupNow('g');
    assert.deepEqual([group.nextMsgSeq, group.lastMsgTime], [1, 0]);
    assert.equal((await scene.sent('g', 'a')).msgSeq, 1);
    assert.deepEqual(await scene.history('g'), [1]);
  });

  test('an AVChatRoom counts every message and stores none', async () => {
    await using scene = await openScene(open);
    await scene.group('room', ['a'], { groupType: 'AVChatRoom' });
    assert.equal((await scene.sent('room', 'a')).msgSeq, 1);
    assert.equal((await scene.sent('room', 'a', { onlineOnly: true })).msgSeq, 2);
    assert.equal((await scene.groupNow('room')).nextMsgSeq, 3);
    assert.deepEqual(await scene.history('room'), []);
  });

  test('a targeted message takes a number and is in history', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a', 'b']);
    assert.equal((await scene.sent('g', 'a', { to: ['b'] })).msgSeq, 1);
    assert.deepEqual(await scene.history('g'), [1]);
  });

  test('time never goes back within a group', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a'], { now: START - HOUR });
    await scene.sent('g', 'a', { now: START + 5_000 });
    assert.equal((await scene.sent('g', 'a', { now: START })).msgTime, START / 1000 + 5);
  });
}

function effects({ open }: StoreKind): void {
  test('group and sender remember the message; who is no member may send too', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.accounts('guest');
    await scene.sent('g', 'a', { now: START + 1_000 });
    await scene.sent('g', 'guest', { now: START + 2_000 });
    const group = await scene.groupNow('g');
    assert.deepEqual([group.nextMsgSeq, group.lastMsgTime], [3, START / 1000 + 2]);
    const page = await scene.store.members({ app: APP, groupId: 'g', offset: 0, limit: 10 });
    assert.deepEqual(
      page?.members.map((member) => member.lastSendMsgTime),
      [START / 1000 + 1],
    );
  });

  test('history shows what was sent, from any number downwards', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.sent('g', 'a', { random: 4_294_967_295, priority: 'High', cloudCustomData: 'mine' });
    for (let n = 2; n <= 5; n += 1) await scene.sent('g', 'a');
    assert.deepEqual(await scene.history('g', 0, 2), [5, 4]);
    assert.deepEqual(await scene.history('g', 3, 2), [3, 2]);
    assert.deepEqual(await scene.history('g', 99, 20), [5, 4, 3, 2, 1]);
    const page = await scene.store.history({ app: APP, groupId: 'g', fromMsgSeq: 1, limit: 5 });
    assert.equal(page?.group.nextMsgSeq, 6);
    assert.deepEqual(page?.messages, [
      {
        msgSeq: 1,
        msgTime: START / 1000,
        sender: 'a',
        random: 4_294_967_295,
        priority: 'High',
        state: 'normal',
        tip: false,
        msgBodyJson: '[{"MsgContent":{"Text":"hello"},"MsgType":"TIMTextElem"}]',
        cloudCustomData: 'mine',
      },
    ]);
    assert.equal(
      await scene.store.history({ app: OTHER_APP, groupId: 'g', fromMsgSeq: 0, limit: 1 }),
      undefined,
    );
  });
}

function refusals({ open }: StoreKind): void {
  const cases: readonly [string, string, 'g' | 'room' | 'meeting' | 'none', Partial<SendMessage>][] = [
    ['to a group that does not exist', 'GROUP_NOT_FOUND', 'none', {}],
    ['into a topic of a group without', 'PERMISSION_DENIED', 'g', { topicId: 't' }],
    ['from an account that does not exist', 'ACCOUNT_NOT_FOUND', 'g', { sender: 'nobody' }],
    ['NoUnread where nothing is counted', 'INVALID_PARAMETERS', 'meeting', { noUnread: true }],
    ['to some of an AVChatRoom', 'PERMISSION_DENIED', 'room', { to: ['a'] }],
    ['to somebody who is no member', 'INVALID_PARAMETERS', 'g', { to: ['a', 'guest'] }],
    ['@all in an AVChatRoom', 'INVALID_PARAMETERS', 'room', { at: [{ all: true }] }],
    ['over the size', 'BODY_TOO_LONG', 'g', { msgBodyJson: '"'.padEnd(101, 'x') }],
    ['over the size in UTF-8', 'BODY_TOO_LONG', 'g', { msgBodyJson: '群'.repeat(34) }],
    [
      'over the size with its custom data',
      'BODY_TOO_LONG',
      'g',
      { msgBodyJson: 'x'.repeat(60), cloudCustomData: 'y'.repeat(41) },
    ],
  ];
  for (const [what, error, groupId, fields] of cases) {
    test(`refused: ${what}`, async () => {
      await using scene = await openScene(open, { rules: { messageBytes: 100 } });
      await scene.group('g', ['a']);
      await scene.group('room', [], { groupType: 'AVChatRoom' });
      await scene.group('meeting', ['a'], { groupType: 'ChatRoom' });
      await scene.accounts('guest');
      const before = await scene.store.groups(APP, ['g', 'room', 'meeting']);
      assert.equal(await scene.sendRefused(groupId, 'a', fields), error);
      assert.deepEqual(await scene.store.groups(APP, ['g', 'room', 'meeting']), before);
    });
  }

  test('just the size is fine, and an admin of the app needs no account', async () => {
    await using scene = await openScene(open, { rules: { messageBytes: 100 } });
    await scene.group('g', ['a']);
    await scene.sent('g', 'a', { msgBodyJson: 'x'.repeat(60), cloudCustomData: 'y'.repeat(40) });
    await scene.sent('g', 'administrator', { senderIsAdmin: true });
  });
}

function duplicates({ open, durable }: StoreKind): void {
  const copy: Partial<SendMessage> = { random: 7, msgBodyJson: BODY };

  for (const [what, groupType, onlineOnly, msgSeq] of [
    ['a stored message', 'Public', false, 1],
    ['an online-only message', 'Public', true, 0],
    ['a message of an AVChatRoom', 'AVChatRoom', false, 1],
  ] as const) {
    test(`a repetition of ${what} is answered with the first result`, async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a'], { groupType });
      const hook = await scene.endpoint('hook');
      await scene.sent('g', 'a', { ...copy, onlineOnly });
      const again = await scene.send('g', 'a', { ...copy, onlineOnly, now: START + 60_000 });
      assert.deepEqual(again, { kind: 'duplicate', msgSeq, msgTime: START / 1000 });
      assert.equal((await scene.drain(hook)).length, 1);
      assert.equal((await scene.groupNow('g')).nextMsgSeq, msgSeq + 1);
    });
  }

  test('another sender, Random, body, custom data or group makes another message', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a', 'b']);
    await scene.group('h', ['a']);
    await scene.sent('g', 'a', copy);
    await scene.sent('g', 'b', copy);
    await scene.sent('g', 'a', { ...copy, random: 8 });
    await scene.sent('g', 'a', { ...copy, msgBodyJson: '[]' });
    await scene.sent('g', 'a', { ...copy, cloudCustomData: 'x' });
    await scene.sent('h', 'a', copy);
    assert.equal((await scene.send('g', 'b', copy)).kind, 'duplicate');
    assert.equal((await scene.send('g', 'a', { ...copy, cloudCustomData: 'x' })).kind, 'duplicate');
  });

  test('a client that never changes its Random is served, and its repetitions are found', async () => {
    await using scene = await openScene(open, { rules: { groupMessagesPerSecond: 0 } });
    await scene.group('g', ['a']);
    const sends = Array.from({ length: 200 }, (_, n) =>
      sendMessage('g', 'a', { random: 1, msgBodyJson: `["${n}"]` }),
    );
    assert.deepEqual(
      (await scene.batch(...sends)).map((result) => result.kind === 'sent' && result.msgSeq),
      sends.map((_, n) => n + 1),
    );
    assert.deepEqual(
      (await scene.batch(...sends)).map((result) => result.kind === 'duplicate' && result.msgSeq),
      sends.map((_, n) => n + 1),
    );
  });

  test('after the window the same message is a new one', async () => {
    await using scene = await openScene(open, { rules: { dedupWindowMs: 10_000 } });
    await scene.group('g', ['a']);
    await scene.sent('g', 'a', copy);
    assert.equal((await scene.send('g', 'a', { ...copy, now: START + 9_999 })).kind, 'duplicate');
    assert.equal((await scene.sent('g', 'a', { ...copy, now: START + 10_000 })).msgSeq, 2);
    const third = await scene.send('g', 'a', { ...copy, now: START + 15_000 });
    assert.equal(third.kind === 'duplicate' && third.msgSeq, 2);
  });

  test('what was refused or dropped may be sent again', async () => {
    await using scene = await openScene(open, { rules: { groupMessagesPerSecond: 1 } });
    await scene.group('g', ['a']);
    await scene.sent('g', 'a');
    assert.equal((await scene.send('g', 'a', copy)).kind, 'dropped');
    assert.equal((await scene.sent('g', 'a', { ...copy, now: START + 1_000 })).msgSeq, 2);
  });

  if (durable) {
    test('a repetition is recognised after a restart', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a']);
      await scene.group('room', [], { groupType: 'AVChatRoom' });
      await scene.sent('g', 'a');
      await scene.sent('g', 'a', copy);
      await scene.sent('room', 'a', copy);
      await scene.reopen();
      const again = (groupId: string) => scene.send(groupId, 'a', { ...copy, now: START + 1_000 });
      assert.deepEqual(await again('g'), { kind: 'duplicate', msgSeq: 2, msgTime: START / 1000 });
      assert.deepEqual(await again('room'), { kind: 'duplicate', msgSeq: 1, msgTime: START / 1000 });
      assert.equal((await scene.sent('g', 'a')).msgSeq, 3);
    });
  }
}

function batches({ open }: StoreKind): void {
  test('a refusal leaves its neighbours in the batch alone', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    const results = await scene.batch<Command>(
      sendMessage('g', 'a'),
      sendMessage('g', 'nobody'),
      createGroup({ groupId: 'g' }),
      sendMessage('g', 'a', { random: 7 }),
      sendMessage('none', 'a'),
      sendMessage('g', 'a', { random: 7 }),
    );
    assert.deepEqual(
      results.map((result) => ('error' in result ? result.error : result.kind)),
      ['sent', 'ACCOUNT_NOT_FOUND', 'GROUP_ID_IN_USE', 'sent', 'GROUP_NOT_FOUND', 'duplicate'],
    );
    assert.deepEqual(await scene.history('g'), [2, 1]);
  });

  test('a batch may use what it has made itself', async () => {
    await using scene = await openScene(open);
    const members = [{ userId: 'a' }];
    const destroy = { type: 'destroyGroup', now: START, app: APP, operator: 'x', groupId: 'g' } as const;
    const results = await scene.batch<Command>(
      { type: 'importAccounts', now: START, app: APP, accounts: members },
      createGroup({ groupId: 'g', members }),
      sendMessage('g', 'a'),
      destroy,
      sendMessage('g', 'a'),
      createGroup({ groupId: 'g', members }),
      sendMessage('g', 'a'),
    );
    assert.deepEqual(
      results.map((result) => (result.kind === 'sent' ? [result.msgSeq, result.logSeq] : result.kind)),
      ['done', 'created', [1, 2], 'done', 'refused', 'created', [1, 2]],
    );
  });
}
