import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRefusal } from '../domain/refusal.ts';
import { decodeAccountImport, decodeMultiaccountImport, encodeAccountDelete } from './accounts.ts';
import { decodeForbidSendMsg } from './members.ts';

test('account_import: either name of the account, and only the fields given', () => {
  assert.deepEqual(decodeAccountImport({ UserID: 'u' }), { userId: 'u' });
  assert.deepEqual(decodeAccountImport({ Identifier: 'u', Nick: '', FaceUrl: 'f' }), {
    userId: 'u',
    nick: '',
    faceUrl: 'f',
  });
  assert.ok(isRefusal(decodeAccountImport({ Nick: 'n' })));
});

test('multiaccount_import: both forms; a bad account fails alone', () => {
  assert.deepEqual(decodeMultiaccountImport({ Accounts: ['a', '', 'é', 'x'.repeat(33)] }), {
    accounts: [{ userId: 'a' }],
    failed: ['', 'é', 'x'.repeat(33)],
  });
  const AccountList = [
    { UserID: 'a', Nick: 'A' },
    { UserID: 'b', Nick: '一'.repeat(167) },
  ];
  assert.deepEqual(decodeMultiaccountImport({ AccountList }), {
    accounts: [{ userId: 'a', nick: 'A' }],
    failed: ['b'],
  });
  assert.ok(isRefusal(decodeMultiaccountImport({ Accounts: ['é'] })));
  assert.ok(isRefusal(decodeMultiaccountImport({})));
});

test('account_delete: a result for each account', () => {
  assert.deepEqual(
    encodeAccountDelete(['a', 'b', 'root'], new Set(['a']), ['root']).ResultItem.map((item) => [
      item.UserID,
      item.ResultCode,
    ]),
    [
      ['a', 0],
      ['b', 70107],
      ['root', 70402],
    ],
  );
});

test('forbid_send_msg: either name of the time, and a topic', () => {
  const base = { GroupId: 'g', Members_Account: ['u'] };
  const wanted = { groupId: 'g', userIds: ['u'], seconds: 60 };
  assert.deepEqual(decodeForbidSendMsg({ ...base, MuteTime: 60 }), wanted);
  assert.deepEqual(decodeForbidSendMsg({ ...base, ShutUpTime: 60, TopicId: '' }), wanted);
  const code = (request: Parameters<typeof decodeForbidSendMsg>[0]) => {
    const decoded = decodeForbidSendMsg(request);
    return isRefusal(decoded) && decoded.error;
  };
  assert.equal(code(base), 'INVALID_PARAMETERS');
  assert.deepEqual(decodeForbidSendMsg({ ...base, MuteTime: 60, TopicId: 't' }), { ...wanted, topicId: 't' });
});
