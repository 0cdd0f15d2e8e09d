import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeOpenImAfterSend } from './decode-after-send-group.ts';

/** The least a reader needs. */
const body = {
  sendID: 'mira',
  callbackCommand: 'callbackAfterSendGroupMsgCommand',
  serverMsgID: 'm1',
  contentType: 101,
  sendTime: 1767225600999,
  content: '{"content":"hi"}',
  groupID: 'g1001',
};

function problems(value: unknown): readonly string[] {
  const decoded = decodeOpenImAfterSend(value);
  return decoded.ok ? [] : decoded.problems;
}

test('absent fields count as empty, the time in seconds is rounded down', () => {
  assert.deepEqual(decodeOpenImAfterSend({ ...body, atUserList: null, keyVersion: 1 }), {
    ok: true,
    event: {
      kind: 'group.message.sent',
      groupId: 'g1001',
      groupType: '',
      sender: 'mira',
      operator: 'mira',
      random: 0,
      msgSeq: 0,
      msgTime: 1767225600,
      eventTime: 1767225600999,
      onlineOnly: false,
      msgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } }],
      openim: {
        serverMsgID: 'm1',
        clientMsgID: '',
        operationID: '',
        senderNickname: '',
        senderPlatformID: 0,
        faceURL: '',
        msgFrom: 0,
        contentType: 101,
        ex: '',
      },
    },
  });
});

test('the group is in groupID, else in recvID', () => {
  const group = (change: object) => {
    const decoded = decodeOpenImAfterSend({ ...body, ...change });
    return decoded.ok && decoded.event.groupId;
  };
  assert.equal(group({ recvID: 'other' }), 'g1001');
  assert.equal(group({ groupID: '', recvID: 'g2' }), 'g2');
  assert.deepEqual(problems({ ...body, groupID: undefined }), [
    'groupID: is missing, and recvID does not name the group',
  ]);
});

test('what is not this body is refused with what is wrong', () => {
  assert.deepEqual(problems({ ...body, callbackCommand: 'callbackAfterSendSingleMsgCommand' }), [
    'callbackCommand: must be "callbackAfterSendGroupMsgCommand"',
  ]);
  assert.deepEqual(problems({ ...body, content: { content: 'hi' } }), ['content: must be string']);
  assert.deepEqual(problems({ ...body, serverMsgID: '' }), ['serverMsgID: must have at least 1 character']);
  assert.deepEqual(problems([]), ['value: must be object']);
});
