import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  compileCheck,
  decodeOpenImChange,
  decodeStandard,
  decodeTencentChange,
  encodeOpenImChange,
  encodeStandardBatch,
  encodeStandardChange,
  encodeTencentChange,
  GROUP_CHANGE_KINDS,
  type GroupChange,
  STANDARD_CHANGES,
  TENCENT_REVISIONS,
  tencentCommand,
} from '../src/index.ts';
import { CHANGES } from './support/changes.ts';

const SAMPLES = readFileSync(new URL('./fixtures/tencent-changes.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

/** What a receiver knows of a change, of what the sender knew. */
function isPartOf(heard: object, change: object): void {
  for (const [key, value] of Object.entries(heard)) {
    assert.deepEqual(value, (change as Record<string, unknown>)[key], key);
  }
}

test('every kind is listed once, and has a change to test with', () => {
  assert.deepEqual([...GROUP_CHANGE_KINDS].sort(), Object.keys(CHANGES).sort());
});

test('Tencent: a change of each kind gives the sample of the reference, and the sample gives the change', () => {
  assert.equal(SAMPLES.length, GROUP_CHANGE_KINDS.length);
  for (const kind of GROUP_CHANGE_KINDS) {
    const command = tencentCommand(kind);
    const sample = SAMPLES.find((text) => JSON.parse(text).CallbackCommand === command);
    assert.equal(encodeTencentChange(CHANGES[kind] as GroupChange, 'G5'), sample);
    const decoded = decodeTencentChange(command, JSON.parse(sample ?? '{}'));
    assert.ok(decoded?.ok, JSON.stringify(decoded));
    assert.equal(decoded.event.kind, kind);
    const { msgBody, ...heard } = { msgBody: undefined, ...decoded.event };
    isPartOf(heard, CHANGES[kind]);
    if (msgBody !== undefined) assert.equal(JSON.stringify(msgBody).includes('hello?'), true);
  }
});

test('Tencent: a generation before G4 has no EventTime where the webhook was published without', () => {
  for (const kind of GROUP_CHANGE_KINDS) {
    const times = TENCENT_REVISIONS.map(
      (revision) => JSON.parse(encodeTencentChange(CHANGES[kind] as GroupChange, revision)).EventTime,
    );
    const never = kind.startsWith('group.topic');
    const since = ['exception', 'receipts', 'presence', 'member.changed', 'attributes', 'owner'];
    const always = since.some((word) => kind.includes(word));
    const time = never ? undefined : CHANGES[kind].eventTime;
    assert.deepEqual(times.slice(3), [time, time]);
    assert.deepEqual(times.slice(0, 3), Array(3).fill(always ? time : undefined), kind);
  }
});

test('Tencent: EventTime may be text, lists may be left out, a field of another type is refused', () => {
  const joined = {
    ...JSON.parse(encodeTencentChange(CHANGES['group.members.joined'], 'G5')),
    EventTime: '1735689120000',
    Unknown: 1,
  };
  const read = decodeTencentChange('Group.CallbackAfterNewMemberJoin', joined);
  assert.equal(read?.ok && read.event.eventTime, 1735689120000);
  const bad = decodeTencentChange('Group.CallbackAfterNewMemberJoin', { ...joined, JoinType: 'Pushed' });
  assert.deepEqual(bad, { ok: false, problems: ['JoinType: must be one of Apply, Invited'] });
  const destroyed = JSON.parse(encodeTencentChange({ ...CHANGES['group.destroyed'] }, 'G5'));
  const { MemberList: _, Name: __, ...bare } = destroyed;
  const told = decodeTencentChange('Group.CallbackAfterGroupDestroyed', bare);
  assert.ok(told?.ok && told.event.kind === 'group.destroyed');
  assert.deepEqual([told.event.owner, told.event.members, told.event.name], ['alice', undefined, undefined]);
  assert.equal(decodeTencentChange('Group.CallbackOnDailyGroupQuotaAlarm', {}), undefined);
  const renamed = { ...JSON.parse(encodeTencentChange(CHANGES['group.member.changed'], 'G5')) };
  renamed.Modified_Account = renamed.Member_Account;
  delete renamed.Member_Account;
  const changed = decodeTencentChange('Group.CallbackAfterMemberFieldChanged', renamed);
  assert.equal(changed?.ok && changed.event.kind === 'group.member.changed' && changed.event.member, 'bruno');
});

test('OpenIM: bodies as its source writes them', () => {
  const text = (change: GroupChange) => {
    const encoded = encodeOpenImChange(change);
    return `${encoded?.command} ${encoded?.body}`;
  };
  const g = '@TGS#2QW7H5K3M';
  assert.equal(
    text(CHANGES['group.members.left']),
    `callbackAfterKickGroupCommand {"callbackCommand":"callbackAfterKickGroupCommand","groupID":"${g}","kickedUserIDs":["carla"],"reason":"noise"}\n`,
  );
  assert.equal(
    text({ ...CHANGES['group.members.left'], exitType: 'Quit', operator: 'carla' }),
    `callbackAfterQuitGroupCommand {"callbackCommand":"callbackAfterQuitGroupCommand","groupID":"${g}","userID":"carla"}\n`,
  );
  assert.equal(
    text(CHANGES['group.destroyed']),
    `callbackAfterDisMissGroupCommand {"callbackCommand":"callbackAfterDisMissGroupCommand","groupID":"${g}","ownerID":"alice","groupType":"\\u0002","membersID":["alice","bruno"]}\n`,
  );
  assert.equal(
    text({ ...CHANGES['group.members.joined'], joinType: 'Apply', operator: 'carla', reason: '<hi>' }),
    `callbackAfterJoinGroupCommand {"callbackCommand":"callbackAfterJoinGroupCommand","operationID":"op-1","groupID":"${g}","reqMessage":"\\u003chi\\u003e","joinSource":3,"inviterUserID":"carla"}\n`,
  );
  assert.equal(
    text(CHANGES['group.owner.changed']),
    `callbackAfterTransferGroupOwnerCommand {"callbackCommand":"callbackAfterTransferGroupOwnerCommand","groupID":"${g}","oldOwnerUserID":"alice","newOwnerUserID":"bruno"}\n`,
  );
  assert.equal(
    text(CHANGES['group.info.changed']),
    `callbackAfterSetGroupInfoExCommand {"callbackCommand":"callbackAfterSetGroupInfoExCommand","operationID":"","groupID":"${g}","groupName":null,"notification":"Boathouse closed on Monday","introduction":null,"faceURL":null,"ex":null,"needVerification":null,"lookMemberInfo":null,"applyMemberFriend":null}\n`,
  );
  assert.equal(
    text(CHANGES['group.member.changed']),
    `callbackAfterSetGroupMemberInfoCommand {"callbackCommand":"callbackAfterSetGroupMemberInfoCommand","groupID":"${g}","userID":"bruno","nickName":"Bruno (cox)","faceURL":null,"roleLevel":null,"ex":null}\n`,
  );
  assert.equal(
    text({ ...CHANGES['group.message.recalled'], msgSeqs: [41] }),
    `callbackBeforeAfterMsgCommand {"callbackCommand":"callbackBeforeAfterMsgCommand","conversationID":"sg_${g}","seq":41,"userID":"admin"}\n`,
  );
});

test('OpenIM: a new group is told with its owner, admins and members, each once', () => {
  const change = { ...CHANGES['group.created'], members: ['alice', 'bruno', 'carla'], admins: ['carla'] };
  const body = JSON.parse(encodeOpenImChange(change)?.body ?? '{}');
  assert.deepEqual(body.initMemberList, [
    { userID: 'alice', roleLevel: 100 },
    { userID: 'carla', roleLevel: 60 },
    { userID: 'bruno', roleLevel: 20 },
  ]);
  assert.deepEqual(
    [body.memberCount, body.createTime, body.groupType, body.needVerification, body.creatorUserID],
    [3, 1735689001000, 2, 2, 'alice'],
  );
});

test('OpenIM: what it has an event for is read back; the others it has no event for', () => {
  const told: string[] = [];
  for (const kind of GROUP_CHANGE_KINDS) {
    const change = CHANGES[kind] as GroupChange;
    const encoded = encodeOpenImChange(change);
    if (encoded === undefined) continue;
    told.push(kind);
    const decoded = decodeOpenImChange(encoded.command, JSON.parse(encoded.body));
    assert.ok(decoded?.ok, JSON.stringify(decoded));
    isPartOf(decoded.event, change);
  }
  assert.deepEqual(told, [
    'group.message.recalled',
    'group.created',
    'group.members.left',
    'group.destroyed',
    'group.info.changed',
    'group.member.changed',
    'group.owner.changed',
  ]);
  const single = { callbackCommand: 'callbackBeforeAfterMsgCommand', conversationID: 'si_a_b', seq: 1 };
  assert.equal(decodeOpenImChange('callbackBeforeAfterMsgCommand', single), undefined);
});

test('standard: the envelope carries every kind, alone and in a batch', () => {
  const lane = { endpoint: 'crm', app: 1400000042, stream: 7, replay: false };
  const entries = GROUP_CHANGE_KINDS.map((kind, index) => {
    const place = { ...lane, id: `i-7-${index + 1}`, seq: index + 1, prev: index };
    return { lane: place, body: encodeStandardChange(CHANGES[kind] as GroupChange, place) };
  });
  const decoded = decodeStandard(JSON.parse(encodeStandardBatch(entries)));
  assert.ok(decoded.ok, JSON.stringify(decoded));
  assert.deepEqual(
    decoded.events.map(({ type, event }) => [type, event?.kind]),
    GROUP_CHANGE_KINDS.map((kind) => [kind, kind]),
  );
  for (const { event } of decoded.events) {
    assert.ok(event !== undefined && event.kind !== 'group.message.sent' && event.kind !== 'tombstone');
    const change = CHANGES[event.kind] as GroupChange;
    const { origin, msgBody: _, ...heard } = { msgBody: undefined, ...event };
    isPartOf(heard, change);
    assert.deepEqual(origin, { clientIp: '203.0.113.7', platform: 'RESTAPI', operationId: 'op-1' });
    const { clientIp, platform, operationID, msgSeq, msgBodyJson, ...facts } = {
      msgBodyJson: undefined,
      ...change,
    };
    assert.deepEqual(Object.keys(heard).sort(), Object.keys(facts).sort(), 'nothing is left out');
  }
});

test('standard: the data of a change is checked for its kind', () => {
  const lane = { id: 'i-7-1', endpoint: 'crm', app: 1400000042, stream: 7, seq: 1, prev: 0, replay: false };
  const envelope = JSON.parse(encodeStandardChange(CHANGES['group.full'], lane));
  assert.deepEqual(Object.keys(envelope), Object.keys(envelope).sort());
  assert.equal(compileCheck(STANDARD_CHANGES['group.full'])(envelope.data).ok, true);
  const wrong = decodeStandard({ ...envelope, data: { ...envelope.data, memberNum: 'many' } });
  assert.deepEqual(wrong, { ok: false, problems: ['data.memberNum: must be integer'] });
});
