import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyFacts, FACTS } from '../../test/support/facts.ts';
import { OPENIM_REVISIONS } from './after-send-group.ts';
import { decodeOpenImBeforeModify, decodeOpenImBeforeSend } from './decode-before-send-group.ts';
import { encodeOpenImAfterSend } from './encode-after-send-group.ts';
import { encodeOpenImBeforeModify, encodeOpenImBeforeSend } from './encode-before-send-group.ts';

test('before sending, the body is the one after it, with its own command and without a number', () => {
  for (const revision of OPENIM_REVISIONS) {
    const before = JSON.parse(encodeOpenImBeforeSend(FACTS, revision));
    const after = JSON.parse(encodeOpenImAfterSend(FACTS, revision));
    assert.deepEqual(Object.keys(before), Object.keys(after), revision);
    assert.deepEqual(before, { ...after, callbackCommand: 'callbackBeforeSendGroupMsgCommand', seq: 0 });
  }
});

test('the modify step tells neither group nor receiver', () => {
  const text = encodeOpenImBeforeModify(FACTS);
  const { groupID: _groupId, ...common } = JSON.parse(encodeOpenImBeforeSend(FACTS, 'main'));
  assert.deepEqual(JSON.parse(text), { ...common, callbackCommand: 'callbackBeforeMsgModifyCommand' });
  assert.ok(text.endsWith('}\n') && text.includes('\\u003c'), 'newline and escapes as Go writes them');
});

test('property: both decode to the facts they were encoded from', () => {
  fc.assert(
    fc.property(anyFacts, fc.constantFrom(...OPENIM_REVISIONS), (facts, revision) => {
      const known = {
        sender: facts.sender,
        operator: facts.sender,
        random: 0,
        eventTime: facts.eventTime,
        onlineOnly: false,
        msgBody: JSON.parse(facts.msgBodyJson),
        ...(facts.cloudCustomData && { cloudCustomData: facts.cloudCustomData }),
        ...(facts.at && { at: facts.at }),
      };
      const send = decodeOpenImBeforeSend(JSON.parse(encodeOpenImBeforeSend(facts, revision)));
      const modify = decodeOpenImBeforeModify(JSON.parse(encodeOpenImBeforeModify(facts)));
      assert.ok(send.ok && modify.ok);
      const { openim: identity, ...sendEvent } = send.event;
      const { openim: _, ...modifyEvent } = modify.event;
      const group = { groupId: facts.groupId, groupType: '' };
      assert.deepEqual(sendEvent, { kind: 'group.message.before-send', ...known, ...group });
      assert.deepEqual(modifyEvent, { kind: 'group.message.before-modify', ...known });
      assert.equal(identity?.serverMsgID, facts.serverMsgID);
    }),
  );
});

test('a body without its group, and a modify step of a single chat, are refused', () => {
  const body = JSON.parse(encodeOpenImBeforeSend(FACTS, 'main'));
  assert.equal(decodeOpenImBeforeSend({ ...body, groupID: '' }).ok, false);
  const step = JSON.parse(encodeOpenImBeforeModify(FACTS));
  const single = decodeOpenImBeforeModify({ ...step, sessionType: 1 });
  assert.deepEqual(single, { ok: false, problems: ['sessionType: must be 3'] });
  assert.equal(decodeOpenImBeforeModify(body).ok, false, 'another command');
});
