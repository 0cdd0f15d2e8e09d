import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  encodeOpenImBeforeChange,
  encodeTencentBeforeChange,
  type PendingChange,
  readOpenImChangeAnswer,
  readTencentChangeAnswer,
} from '../src/index.ts';

const SAMPLES = readFileSync(new URL('./fixtures/tencent-before-group.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

const PLACE = {
  ...{ groupId: '@TGS#2QW7H5K3M', groupType: 'Public', eventTime: 1735689000000 },
  ...{ clientIp: '203.0.113.7', platform: 'RESTAPI', operationID: 'op-1' },
};
const CREATE: PendingChange<'group.before-create'> = {
  ...PLACE,
  ...{ kind: 'group.before-create', operator: 'alice', owner: 'alice', name: 'Rowing club' },
  members: ['bruno'],
};
const APPLY: PendingChange = {
  ...PLACE,
  ...{ kind: 'group.before-apply', eventTime: 1735689100000, applicant: 'carla' },
};
const INVITE: PendingChange<'group.before-invite'> = {
  ...PLACE,
  ...{ kind: 'group.before-invite', eventTime: 1735689110000, operator: 'alice' },
  members: ['carla', 'dmitri'],
};
const TOPIC: PendingChange = {
  ...PLACE,
  ...{ kind: 'group.topic.before-create', groupType: 'Community', operator: 'alice', name: 'news' },
};

test('Tencent: the questions are the samples of the reference', () => {
  const asked = [CREATE, APPLY, INVITE, TOPIC].map((pending) => encodeTencentBeforeChange(pending, 'G5'));
  // CreateGroupNum is gone from the newest page (F-18).
  const samples = SAMPLES.map((sample) => sample.replace('"CreateGroupNum":3,', ''));
  assert.deepEqual(asked, samples);
  const older = JSON.parse(encodeTencentBeforeChange(INVITE, 'G3'));
  assert.equal(older.EventTime, undefined);
});

test('Tencent: 0 goes on, 1 and the own codes refuse, anything else decides nothing', () => {
  const answer = (fields: object) =>
    readTencentChangeAnswer(JSON.stringify({ ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '', ...fields }));
  assert.deepEqual(answer({}), { kind: 'allow', refusedMembers: [] });
  assert.deepEqual(answer({ RefusedMembers_Account: null }), { kind: 'allow', refusedMembers: [] });
  assert.deepEqual(answer({ RefusedMembers_Account: ['dmitri'] }), {
    ...{ kind: 'allow', refusedMembers: ['dmitri'] },
  });
  assert.deepEqual(answer({ ErrorCode: 1, ErrorInfo: 'no' }), {
    ...{ kind: 'refuse', errorCode: 1, errorInfo: 'no' },
  });
  assert.equal(answer({ ErrorCode: 10_150, ActionStatus: 'FAIL' }).kind, 'refuse');
  for (const ErrorCode of [2, 3, 10_099, 10_201, -1]) assert.equal(answer({ ErrorCode }).kind, 'fail');
  assert.equal(answer({ ActionStatus: 'FAIL' }).kind, 'fail');
  assert.equal(answer({ RefusedMembers_Account: 'dmitri' }).kind, 'malformed');
  assert.equal(readTencentChangeAnswer('').kind, 'malformed');
});

test('OpenIM: its own commands and fields; topics it does not know', () => {
  const invite = encodeOpenImBeforeChange(INVITE);
  assert.equal(invite?.command, 'callbackBeforeInviteJoinGroupCommand');
  assert.equal(
    invite?.body,
    '{"callbackCommand":"callbackBeforeInviteJoinGroupCommand","operationID":"op-1","groupID":"@TGS#2QW7H5K3M","reason":"","invitedUserIDs":["carla","dmitri"]}\n',
  );
  assert.equal(
    encodeOpenImBeforeChange(APPLY)?.body,
    '{"callbackCommand":"callbackBeforeJoinGroupCommand","groupID":"@TGS#2QW7H5K3M","groupType":"\\u0002","applyID":"carla","reqMessage":"","ex":""}\n',
  );
  const create = JSON.parse(encodeOpenImBeforeChange({ ...CREATE, groupId: '' })?.body ?? '{}');
  assert.deepEqual([create.operationID, create.groupID, create.createTime], ['op-1', '', 0]);
  assert.deepEqual(create.initMemberList, [
    { userID: 'alice', roleLevel: 100 },
    { userID: 'bruno', roleLevel: 20 },
  ]);
  assert.equal(encodeOpenImBeforeChange(TOPIC), undefined);
  assert.deepEqual(readOpenImChangeAnswer('{"refusedMembersAccount":["a"]}'), {
    ...{ kind: 'allow', refusedMembers: [] },
  });
  const refused = readOpenImChangeAnswer('{"actionCode":0,"nextCode":1,"errCode":5001,"errMsg":"no"}');
  assert.deepEqual(refused, { kind: 'refuse', errorCode: 5001, errorInfo: 'no' });
});
