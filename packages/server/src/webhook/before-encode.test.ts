import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importVerifyingKeys, type PendingMessageFacts, verifyStandard } from '@confab-im/protocol';
import { parseEndpoint } from '../domain/settings/parse-endpoint.ts';
import { createBeforeEncoder } from './before-encode.ts';

const NOW = 1_735_689_600_500;
const KEY = `whsec_${'A'.repeat(43)}=`;
const MESSAGE: PendingMessageFacts = {
  groupId: 'g',
  groupType: 'Public',
  sender: 'alice',
  operator: 'administrator',
  random: 7,
  eventTime: NOW,
  onlineOnly: false,
  msgBodyJson: '[]',
  serverMsgID: 's1',
  clientMsgID: 'c1',
  operationID: 'op1',
  senderNickname: '',
  senderFaceUrl: '',
  clientIp: '203.0.113.7',
  platform: 'RESTAPI',
};

test('a question is signed like a delivery, under an id of its own', async () => {
  for (const [dialect, events] of [
    ['tencent', 'Group.CallbackBeforeSendMsg'],
    ['openim', 'callbackBeforeSendGroupMsgCommand'],
  ]) {
    const url = 'https://app.example/im';
    const read = parseEndpoint({ name: 'a', url, dialect, events, signingKeys: [KEY] });
    assert.ok(read.ok);
    const request = await createBeforeEncoder(read.value)('group.message.before-send', 1, MESSAGE, NOW);
    const {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signature,
    } = request.headers;
    assert.equal(id, 'before-send-op1');
    const keys = await importVerifyingKeys([KEY]);
    const check = { id, timestamp, signature, body: request.body, keys, now: NOW / 1000 };
    assert.deepEqual(await verifyStandard(check), { ok: true, keyIndex: 0 });
  }
});
