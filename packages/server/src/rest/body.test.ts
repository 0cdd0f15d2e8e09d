import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readBody } from './body.ts';
import { COMMANDS } from './commands.ts';

const command = (name: string) => {
  const found = COMMANDS.find((row) => row.name === name);
  assert.ok(found);
  return found;
};
const read = (name: string, body: unknown) => readBody(command(name), Buffer.from(JSON.stringify(body)));

test('no path is served twice', () => {
  const paths = COMMANDS.map(({ service, name }) => `${service.name}/${name}`);
  assert.equal(new Set(paths).size, paths.length);
});

for (const [what, body] of [
  ['empty', ''],
  ['truncated', '{"GroupId":'],
  ['an array', '[]'],
  ['a number', '7'],
  ['null', 'null'],
  ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ['nested beyond any stack', '['.repeat(200_000)],
] as const) {
  test(`a body that is ${what} is refused with the code of the service`, () => {
    const bytes = Buffer.from(body);
    const group = readBody(command('destroy_group'), bytes);
    assert.equal(group.kind === 'refused' && group.error, 'GROUP_JSON_INVALID');
    const account = readBody(command('account_check'), bytes);
    assert.equal(account.kind === 'refused' && account.error, 'ACCOUNT_PARAMETERS');
  });
}

const text = { MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } };
const send = { GroupId: 'g', Random: 1, MsgBody: [text] };
const FAULTS: readonly [name: string, body: object, error: string, names: RegExp][] = [
  ['send_group_msg', { ...send, GroupId: 7 }, 'INVALID_PARAMETERS', /^GroupId: must be string/],
  ['send_group_msg', { ...send, GroupId: 'é' }, 'INVALID_GROUP_ID', /^GroupId: /],
  ['send_group_msg', { GroupId: 'é' }, 'INVALID_GROUP_ID', /^GroupId: /],
  [
    'send_group_msg',
    { ...send, GroupAtInfo: Array(31).fill({ GroupAtAllFlag: 1 }) },
    'TOO_MANY_MENTIONS',
    /^GroupAtInfo: /,
  ],
  ['send_group_msg', { ...send, GroupAtInfo: {} }, 'INVALID_PARAMETERS', /^GroupAtInfo: must be array/],
  [
    'send_group_msg',
    { ...send, OfflinePushInfo: { Title: 1 } },
    'OFFLINE_PUSH_INFO_INVALID',
    /^OfflinePushInfo.Title: /,
  ],
  ['send_group_msg', { ...send, OfflinePushInfo: 'x' }, 'OFFLINE_PUSH_INFO_INVALID', /^OfflinePushInfo: /],
  [
    'add_group_member',
    { GroupId: 'g', MemberList: [] },
    'INVALID_PARAMETERS',
    /^MemberList: must have at least 1 item$/,
  ],
  [
    'add_group_member',
    { GroupId: 'g', MemberList: Array(501).fill({ Member_Account: 'u' }) },
    'TOO_MANY_ACCOUNTS',
    /^MemberList: must have at most \d+ items$/,
  ],
  [
    'add_group_member',
    { GroupId: 'g', MemberList: [{}] },
    'INVALID_PARAMETERS',
    /^MemberList\[0\].Member_Account: is missing/,
  ],
  ['account_import', { UserID: 'u', Nick: 'n'.repeat(501) }, 'PROFILE_VALUE_TOO_LONG', /^Nick: /],
  ['account_import', { UserID: 'u', Nick: 5 }, 'ACCOUNT_PARAMETERS', /^Nick: must be string/],
];

for (const [name, body, error, names] of FAULTS) {
  test(`${name}: ${JSON.stringify(body).slice(0, 60)} is ${error}`, () => {
    const result = read(name, body);
    assert.ok(result.kind === 'refused');
    assert.equal(result.error, error);
    assert.match(result.detail, names);
  });
}

test('null counts as absent, but stays inside the content of messages', () => {
  const content = { Text: 'null', Mine: null };
  const result = read('send_group_msg', {
    ...send,
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: content }],
    From_Account: null,
    OfflinePushInfo: { Title: null, ApnsInfo: { Sound: null } },
    GroupAtInfo: [{ GroupAtAllFlag: 1, GroupAt_Account: null }],
  });
  assert.deepEqual(result, {
    kind: 'read',
    value: {
      ...send,
      MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: content }],
      OfflinePushInfo: { ApnsInfo: {} },
      GroupAtInfo: [{ GroupAtAllFlag: 1 }],
    },
  });
});

test('a required field that is null is missing', () => {
  const result = read('destroy_group', { GroupId: null });
  assert.equal(result.kind === 'refused' && result.detail, 'GroupId: is missing');
});

test('half a character is refused, wherever it stands; whole ones and words about them are not', () => {
  const body = (text: string) =>
    Buffer.from(
      `{"GroupId":"g","Random":1,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"${text}"}}]}`,
    );
  for (const half of ['\\ud83d', 'a\\uDE00b', '\\ude00\\ud83d', '\\\\\\ud83d', '\\ud83d\\n']) {
    const result = readBody(command('send_group_msg'), body(half));
    assert.ok(result.kind === 'refused', half);
    assert.equal(result.error, 'GROUP_JSON_INVALID');
    assert.match(result.detail, /one half of a surrogate pair .* alone/);
  }
  const inKey = readBody(command('account_check'), Buffer.from('{"\\ud83d":1}'));
  assert.equal(inKey.kind === 'refused' && inKey.error, 'ACCOUNT_PARAMETERS');
  for (const whole of ['\\ud83d\\ude00', '😀', '\\\\ud83d', '\\u0041', '\\\\\\\\ud83d'])
    assert.equal(readBody(command('send_group_msg'), body(whole)).kind, 'read', whole);
});

test('any body is read or refused, never thrown at', () => {
  const bytes = fc.oneof(
    fc.json().map((json) => Buffer.from(json)),
    fc.uint8Array().map((array) => Buffer.from(array)),
  );
  fc.assert(
    fc.property(fc.constantFrom(...COMMANDS), bytes, (row, body) => {
      assert.match(readBody(row, body).kind, /^(read|refused)$/);
    }),
  );
});
