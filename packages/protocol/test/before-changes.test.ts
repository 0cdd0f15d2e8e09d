import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  decodeOpenImBeforeChange,
  decodeTencentBeforeChange,
  encodeOpenImBeforeChange,
  encodeTencentBeforeChange,
  openImChangeAnswer,
  type PendingChange,
  readOpenImChangeAnswer,
  readTencentChangeAnswer,
  TENCENT_BEFORE_CHANGES,
  tencentChangeAnswer,
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

/** What a reader learns of a question in Tencent's dialect. */
const heard = ({ clientIp: _, platform: __, operationID: ___, ...question }: PendingChange) => question;

test('Tencent: a question is read as it was asked; what the dialect does not tell is empty', () => {
  for (const pending of [APPLY, INVITE]) {
    const body: unknown = JSON.parse(encodeTencentBeforeChange(pending, 'G5'));
    const decoded = decodeTencentBeforeChange(TENCENT_BEFORE_CHANGES[pending.kind], body);
    assert.deepEqual(decoded, { ok: true, event: heard(pending) });
  }
  const [create, , , topic] = SAMPLES.map((sample) => {
    const body = JSON.parse(sample) as { readonly CallbackCommand: string };
    return decodeTencentBeforeChange(body.CallbackCommand, body);
  });
  assert.deepEqual(create, { ok: true, event: { ...heard(CREATE), groupId: '' } });
  const { eventTime: _, ...untimed } = heard(TOPIC);
  assert.deepEqual(topic, { ok: true, event: { ...untimed, groupId: '' } });
});

test('Tencent: a body of another shape is told, a command of another kind is not read', () => {
  const decoded = decodeTencentBeforeChange(TENCENT_BEFORE_CHANGES['group.before-invite'], { GroupId: 7 });
  assert.deepEqual(decoded, {
    ok: false,
    problems: ['GroupId: must be string', 'Operator_Account: is missing', 'DestinationMembers: is missing'],
  });
  assert.equal(decodeTencentBeforeChange('Group.CallbackAfterSendMsg', {}), undefined);
});

test('OpenIM: a question is read as it was asked, but for what the dialect does not tell', () => {
  const read = (pending: PendingChange) => {
    const { command, body } = encodeOpenImBeforeChange(pending) ?? { command: '', body: 'null' };
    return decodeOpenImBeforeChange(command, JSON.parse(body));
  };
  const { eventTime: _, ...created } = heard(CREATE);
  assert.deepEqual(read(CREATE), { ok: true, event: { ...created, groupType: '' } });
  const { eventTime: __, ...applied } = heard({ ...APPLY, reason: 'please' } as PendingChange);
  assert.deepEqual(read({ ...APPLY, reason: 'please' } as PendingChange), {
    ...{ ok: true, event: { ...applied, groupType: '' } },
  });
  const { eventTime: ___, ...invited } = heard(INVITE);
  assert.deepEqual(read(INVITE), { ok: true, event: { ...invited, groupType: '', operator: '' } });
  const decoded = decodeOpenImBeforeChange('callbackBeforeInviteJoinGroupCommand', {});
  assert.deepEqual(decoded, { ok: false, problems: ['groupID: is missing'] });
});

test('an answer that is written is read as what was decided', () => {
  const decisions = [
    { kind: 'allow', refusedMembers: [] },
    { kind: 'allow', refusedMembers: ['dmitri'] },
    { kind: 'refuse', errorCode: 10_150, errorInfo: 'no' },
  ] as const;
  for (const decision of decisions) {
    assert.deepEqual(readTencentChangeAnswer(tencentChangeAnswer(decision)), decision);
  }
  const [allow, without, refuse] = decisions;
  for (const decision of [allow, refuse]) {
    assert.deepEqual(readOpenImChangeAnswer(openImChangeAnswer(decision)), decision);
  }
  assert.throws(() => openImChangeAnswer(without), RangeError);
  assert.throws(() => tencentChangeAnswer({ kind: 'refuse', errorCode: 2, errorInfo: '' }), RangeError);
});
