import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUP_TYPES, type GroupType, MSG_PRIORITIES } from '@confab-im/protocol';
import type { Group } from './group.ts';
import { DEFAULT_RULES } from './rules.ts';
import {
  outranks,
  placeMessage,
  type SendRequest,
  type SendState,
  sendRefusal,
  sizeRefusal,
  withinFrequency,
} from './send-message.ts';

const REQUEST: SendRequest = {
  sender: 'a',
  senderIsAdmin: false,
  onlineOnly: false,
  msgBodyJson: '[]',
  noUnread: false,
  needReadReceipt: false,
  supportMessageExtension: false,
};
const GROUP: Group = {
  streamId: 1,
  app: 1400000001,
  groupId: 'g',
  type: 'Public',
  name: 'g',
  introduction: '',
  notification: '',
  faceUrl: '',
  owner: 'o',
  createTime: 0,
  infoSeq: 1,
  lastInfoTime: 0,
  lastMsgTime: 0,
  nextMsgSeq: 1,
  memberNum: 1,
  maxMemberNum: 3,
  applyJoinOption: 'NeedPermission',
  inviteJoinOption: 'FreeAccess',
  muteAll: false,
  supportTopic: false,
  historyBeforeJoin: false,
  enablePermission: false,
  defaultPermission: 0,
  active: true,
  appDefinedData: [],
};
const STATE: SendState = {
  group: GROUP,
  senderExists: true,
  mutedEverywhereUntil: 0,
  bannedUntil: 0,
  strangers: [],
  nowSeconds: 1_000,
};

function error(request: Partial<SendRequest>, state: Partial<SendState> = {}): string | undefined {
  return sendRefusal({ ...REQUEST, ...request }, { ...STATE, ...state })?.error;
}

/** The answer for each type of group, in the order of GROUP_TYPES: Private, Public, ChatRoom, AVChatRoom, Community. */
function byType(request: Partial<SendRequest>): (string | undefined)[] {
  return GROUP_TYPES.map((type) => error(request, { group: { ...GROUP, type } }));
}

test('what is plain is allowed, members and others alike', () => {
  assert.equal(error({}), undefined);
  assert.equal(error({}, { member: { role: 'Member', muteUntil: 0 } }), undefined);
  assert.equal(
    error({ to: ['b'], at: [{ all: true }, { all: false, userId: 'b' }], noUnread: true }),
    undefined,
  );
});

test('what a type does not have is refused there', () => {
  const [none, parameters, denied] = [undefined, 'INVALID_PARAMETERS', 'PERMISSION_DENIED'];
  assert.deepEqual(byType({ noUnread: true }), [none, none, parameters, parameters, none]);
  assert.deepEqual(byType({ to: ['b'] }), [none, none, none, denied, denied]);
  assert.deepEqual(byType({ needReadReceipt: true }), [none, none, none, denied, denied]);
  assert.deepEqual(byType({ supportMessageExtension: true }), [none, none, none, denied, denied]);
  assert.deepEqual(byType({ at: [{ all: true }] }), [none, none, none, parameters, none]);
  assert.deepEqual(byType({ at: [{ all: false, userId: 'b' }] }), [none, none, none, none, none]);
});

test('the first reason is named: sender, type, mute', () => {
  const muted = { member: { role: 'Member', muteUntil: 2_000 }, strangers: ['x'] } as const;
  assert.equal(error({ to: ['x'] }, { ...muted, senderExists: false }), 'ACCOUNT_NOT_FOUND');
  assert.equal(error({ to: ['x'] }, muted), 'INVALID_PARAMETERS');
  assert.equal(error({}, { ...muted, strangers: [] }), 'MUTED');
  assert.equal(error({}, { mutedEverywhereUntil: 1_001 }), 'MUTED');
  assert.equal(error({}, { mutedEverywhereUntil: 1_000 }), undefined);
  assert.equal(error({ senderIsAdmin: true }, { mutedEverywhereUntil: 1_001 }), undefined);
});

test('a mute holds until its end, for anyone but an admin of the app', () => {
  const until = (muteUntil: number) => ({ member: { role: 'Owner', muteUntil } }) as const;
  assert.equal(error({}, until(1_001)), 'MUTED');
  assert.equal(error({}, until(1_000)), undefined);
  assert.equal(error({ senderIsAdmin: true }, until(4_294_967_295)), undefined);
});

test('a mute of all spares owner and admins', () => {
  const group = { ...GROUP, muteAll: true };
  const says = (role: 'Owner' | 'Admin' | 'Member') => error({}, { group, member: { role, muteUntil: 0 } });
  assert.deepEqual([says('Owner'), says('Admin'), says('Member')], [undefined, undefined, 'MUTED']);
  assert.equal(error({}, { group }), 'MUTED');
  assert.equal(error({ senderIsAdmin: true }, { group }), undefined);
});

test('a topic has mutes of its own, beside those of its community', () => {
  const topic = { group: { ...GROUP, topicId: 't' }, muteUntil: 0 };
  const member = { role: 'Member', muteUntil: 0 } as const;
  assert.equal(error({}, { topic, member }), undefined);
  assert.equal(error({}, { topic: { ...topic, muteUntil: 1_001 }, member }), 'MUTED');
  assert.equal(error({}, { topic, member: { ...member, muteUntil: 1_001 } }), 'MUTED');
  const muted = { topic: { ...topic, group: { ...GROUP, muteAll: true } } };
  assert.equal(error({}, { ...muted, member }), 'MUTED');
  assert.equal(error({}, { ...muted, member: { ...member, role: 'Admin' } }), undefined);
  assert.equal(error({ senderIsAdmin: true }, muted), undefined);
  assert.equal(error({}, { topic, member, group: { ...GROUP, muteAll: true } }), 'MUTED');
});

test('the size is that of body and custom data in UTF-8', () => {
  const rules = { ...DEFAULT_RULES, messageBytes: 10 };
  const refused = (msgBodyJson: string, cloudCustomData?: string) =>
    sizeRefusal(
      { ...REQUEST, msgBodyJson, ...(cloudCustomData === undefined ? {} : { cloudCustomData }) },
      rules,
    )?.error;
  assert.equal(refused('1234567890'), undefined);
  assert.equal(refused('12345678901'), 'BODY_TOO_LONG');
  assert.equal(refused('群群群'), undefined);
  assert.equal(refused('群群群群'), 'BODY_TOO_LONG');
  assert.equal(refused('12345', '67890'), undefined);
  assert.equal(refused('12345', '678901'), 'BODY_TOO_LONG');
});

test('where a message goes', () => {
  const place = (type: GroupType, onlineOnly: boolean) => placeMessage({ ...GROUP, type }, onlineOnly);
  for (const type of ['Private', 'Public', 'ChatRoom', 'Community'] as const) {
    assert.deepEqual(place(type, false), { stored: true, numbered: true, onlineOnly: false });
    assert.deepEqual(place(type, true), { stored: false, numbered: false, onlineOnly: true });
  }
  for (const asked of [false, true]) {
    assert.deepEqual(place('AVChatRoom', asked), { stored: false, numbered: true, onlineOnly: false });
  }
});

test('priorities are ranked as the wire lists them', () => {
  const matrix = MSG_PRIORITIES.map((a) => MSG_PRIORITIES.filter((b) => outranks(a, b)));
  assert.deepEqual(matrix, [['Normal', 'Low', 'Lowest'], ['Low', 'Lowest'], ['Lowest'], []]);
});

test('the cap counts what was sent and what goes first; 0 is none', () => {
  assert.deepEqual(
    [
      withinFrequency(2, 1, 0),
      withinFrequency(2, 2, 0),
      withinFrequency(2, 1, 1),
      withinFrequency(0, 999, 9),
    ],
    [true, false, false, true],
  );
});
