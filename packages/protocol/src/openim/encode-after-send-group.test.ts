import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FACTS } from '../../test/support/facts.ts';
import { encodeOpenImAfterSend } from './encode-after-send-group.ts';

test('the body of the development line, byte for byte', () => {
  assert.equal(
    encodeOpenImAfterSend(FACTS, 'main'),
    '{"sendID":"mira","callbackCommand":"callbackAfterSendGroupMsgCommand","serverMsgID":"c0ffee","clientMsgID":"c1",' +
      '"operationID":"op-1","senderPlatformID":5,"senderNickname":"Mira \\u003c3","sessionType":3,"msgFrom":100,' +
      '"contentType":106,"status":1,"sendTime":1735689600456,"createTime":1735689600456,' +
      '"content":"{\\"atUserList\\":[\\"AtAllTag\\",\\"jon\\"],\\"isAtSelf\\":false,' +
      '\\"text\\":\\"\\\\u003cready\\\\u003e \\\\u0026 über\\"}","seq":42,"atUserList":["AtAllTag","jon"],' +
      '"faceURL":"https://h/f.png?a=1\\u0026b=2","ex":"{\\"ref\\":\\"a1\\"}","groupID":"@TGS#_@TGS#cLAKE2PX"}\n',
  );
});

test('3.8 tells no number, the page has the group in recvID too', () => {
  const main = JSON.parse(encodeOpenImAfterSend(FACTS, 'main'));
  assert.deepEqual(JSON.parse(encodeOpenImAfterSend(FACTS, '3.8')), { ...main, seq: 0 });
  const page = JSON.parse(encodeOpenImAfterSend(FACTS, 'page'));
  assert.deepEqual(page, { ...main, recvID: FACTS.groupId });
  assert.equal(Object.keys(page).at(-1), 'recvID');
});

test('a REST send is from the system, with status 0 and no platform; an admin in an app is from the system too', () => {
  const fields = (change: object) => {
    const { msgFrom, status, senderPlatformID } = JSON.parse(
      encodeOpenImAfterSend({ ...FACTS, ...change }, 'main'),
    );
    return { msgFrom, status, senderPlatformID };
  };
  assert.deepEqual(fields({ platform: 'RESTAPI' }), { msgFrom: 200, status: 0, senderPlatformID: 0 });
  assert.deepEqual(fields({ operator: 'administrator' }), { msgFrom: 200, status: 1, senderPlatformID: 5 });
  assert.deepEqual(fields({ platform: 'macOS' }), { msgFrom: 100, status: 1, senderPlatformID: 4 });
});

test('nobody mentioned is null, no custom data is empty', () => {
  const { at: _at, cloudCustomData: _data, ...bare } = FACTS;
  const body = JSON.parse(encodeOpenImAfterSend(bare, 'main'));
  assert.deepEqual([body.atUserList, body.ex, body.contentType], [null, '', 101]);
});
