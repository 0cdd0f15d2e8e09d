import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SendMessage } from '../store/commands.ts';
import { pendingMessage } from './pending-message.ts';

const COMMAND: SendMessage = {
  type: 'sendMessage',
  now: 1_735_689_600_123,
  app: 1400000001,
  groupId: 'g',
  sender: 'ann',
  operator: 'root',
  senderIsAdmin: false,
  random: 7,
  priority: 'High',
  onlineOnly: true,
  msgBodyJson: '[]',
  noUnread: false,
  noLastMsg: false,
  forbidAfterWebhook: false,
  supportMessageExtension: false,
  needReadReceipt: false,
  clientIp: '192.0.2.1',
  platform: 'RESTAPI',
  operationId: 'op1',
};
const AROUND = { groupType: 'Public', senderNickname: 'Ann', senderFaceUrl: 'https://h/a.png' } as const;

test('tells what is known before the commit', () => {
  const { serverMsgID, clientMsgID, ...facts } = pendingMessage(COMMAND, AROUND);
  assert.deepEqual(facts, {
    groupId: 'g',
    groupType: 'Public',
    sender: 'ann',
    operator: 'root',
    random: 7,
    eventTime: 1_735_689_600_123,
    onlineOnly: true,
    msgBodyJson: '[]',
    operationID: 'op1',
    senderNickname: 'Ann',
    senderFaceUrl: 'https://h/a.png',
    clientIp: '192.0.2.1',
    platform: 'RESTAPI',
  });
  for (const id of [serverMsgID, clientMsgID]) assert.match(id, /^[0-9a-f]{32}$/);
  const rich = pendingMessage({ ...COMMAND, cloudCustomData: 'c', at: [{ all: true }] }, AROUND);
  assert.deepEqual([rich.cloudCustomData, rich.at], ['c', [{ all: true }]]);
});

test('a repetition has the same client id and another server id; another message has neither', () => {
  const ids = (change: Partial<SendMessage>) => {
    const { serverMsgID, clientMsgID } = pendingMessage({ ...COMMAND, ...change }, AROUND);
    return [serverMsgID, clientMsgID];
  };
  const [server, client] = ids({});
  const [againServer, againClient] = ids({ operationId: 'op2', now: 5 });
  assert.equal(againClient, client);
  assert.notEqual(againServer, server);
  for (const change of [{ app: 2 }, { groupId: 'h' }, { sender: 'bob' }, { random: 8 }]) {
    assert.notEqual(ids(change)[1], client, JSON.stringify(change));
  }
});
