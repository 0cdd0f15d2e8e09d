import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeUserSig } from '@confab-im/protocol';
import { APP, type Harness, OTHER_APP, startRest } from '../support/rest-harness.ts';

let rest: Harness;
before(async () => {
  rest = await startRest({ bodyBytes: 20_000 });
});
after(() => rest[Symbol.asyncDispose]());

const CREATE = '/v4/group_open_http_svc/create_group';
const group = JSON.stringify({ Type: 'Public', Name: 'n' });

async function unchanged(run: () => Promise<void>): Promise<void> {
  const before = await rest.store.stats();
  await run();
  assert.deepEqual(await rest.store.stats(), before);
}

test('wrong paths and queries', async () => {
  const good = await rest.query();
  const cases: readonly [path: string, changes: Record<string, string>, code: number][] = [
    ['/v4/group_open_http_svc/Create_Group', {}, 10003],
    ['/v4/group_open_attr_http_svc/nothing', {}, 10003],
    ['/v4/im_open_login_svc/nothing', {}, 60009],
    ['/v4/nothing/create_group', {}, 60009],
    ['/v4/group_open_http_svc', {}, 60009],
    [`${CREATE}/`, {}, 60009],
    ['/v4/', {}, 60009],
    [CREATE, { contenttype: 'xml' }, 60002],
    [CREATE, { sdkappid: '' }, 60012],
    [CREATE, { sdkappid: '1' }, 60006],
    [CREATE, { identifier: '' }, 60004],
    [CREATE, { usersig: '' }, 70002],
    [CREATE, { usersig: 'not base64!' }, 70003],
    [CREATE, { usersig: (good.usersig ?? '').slice(0, 100) }, 70003],
    [CREATE, { identifier: 'root' }, 70013],
    [CREATE, { sdkappid: String(OTHER_APP.sdkAppId) }, 70014],
    // An unknown command of the group service is refused after its caller was.
    ['/v4/group_open_http_svc/nothing', { usersig: '' }, 70002],
  ];
  await unchanged(async () => {
    for (const [path, changes, code] of cases) {
      const answer = await rest.post(path, group, { ...good, ...changes });
      assert.deepEqual(
        [answer.ActionStatus, answer.ErrorCode],
        ['FAIL', code],
        `${path} ${JSON.stringify(changes)}`,
      );
      assert.match(answer.ErrorInfo, /\S{3}/);
    }
  });
});

test('expired, foreign and non-admin UserSigs', async () => {
  const now = Math.floor(rest.clock.now() / 1000);
  const parts = {
    sdkAppId: APP.sdkAppId,
    userId: 'administrator',
    key: APP.secretKeys[0] ?? '',
    now,
    expireSeconds: 60,
  };
  const call = async (changes: Partial<typeof parts>, identifier = 'administrator') => {
    const usersig = await makeUserSig({ ...parts, ...changes });
    return (await rest.post(CREATE, group, { ...(await rest.query()), identifier, usersig })).ErrorCode;
  };
  await unchanged(async () => {
    assert.equal(await call({ now: now - 60 }), 70001);
    assert.equal(await call({ key: OTHER_APP.secretKeys[0] ?? '' }), 70009);
    assert.equal(await call({ userId: 'mallory' }, 'mallory'), 60010);
  });
  assert.equal(await call({}), 0);
});

test('methods other than POST are refused in the envelope', async () => {
  const search = new URLSearchParams(await rest.query());
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const response = await fetch(`http://127.0.0.1:${rest.port}${CREATE}?${search}`, { method });
    assert.equal(response.status, 200);
    assert.equal(((await response.json()) as { ErrorCode: number }).ErrorCode, 60002);
  }
});

test('bodies that are not JSON objects, or too long', async () => {
  const IMPORT = '/v4/im_open_login_svc/account_import';
  await unchanged(async () => {
    for (const body of ['', 'x', '[]', '"x"', 'null', '{"Type":', Buffer.from([0xff, 0xfe])]) {
      assert.equal((await rest.post(CREATE, body)).ErrorCode, 10011, String(body));
      assert.equal((await rest.post(IMPORT, body)).ErrorCode, 70402, String(body));
    }
    assert.equal((await rest.post(CREATE, ' '.repeat(20_001))).ErrorCode, 80002);
    assert.equal((await rest.post(CREATE, `${'['.repeat(9_999)}`)).ErrorCode, 10011);
  });
});

test('unknown fields, null and __proto__ do no harm', async () => {
  const body =
    '{"Type":"Public","Name":"n","Owner_Account":null,"Unknown":{"a":[null]},"__proto__":{"Name":"x"}}';
  assert.equal((await rest.post(CREATE, body)).ErrorCode, 0);
});

test('two apps know nothing of each other', async () => {
  const text = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } }];
  await rest.call('im_open_login_svc/account_import', { UserID: 'u1' }, APP);
  await rest.call(
    'create_group',
    { Type: 'Public', Name: 'mine', GroupId: 'shared', Owner_Account: 'u1' },
    APP,
  );
  await rest.call('send_group_msg', { GroupId: 'shared', Random: 1, MsgBody: text }, APP);
  const code = async (command: string, body: object) => (await rest.call(command, body, OTHER_APP)).ErrorCode;
  assert.equal(await code('send_group_msg', { GroupId: 'shared', Random: 1, MsgBody: text }), 10010);
  assert.equal(await code('group_msg_get_simple', { GroupId: 'shared', ReqMsgNumber: 5 }), 10010);
  assert.equal(await code('get_group_member_info', { GroupId: 'shared' }), 10010);
  assert.equal(
    await code('add_group_member', { GroupId: 'shared', MemberList: [{ Member_Account: 'u1' }] }),
    10010,
  );
  assert.equal(await code('destroy_group', { GroupId: 'shared' }), 10010);
  assert.equal(await code('create_group', { Type: 'Public', Name: 'n', Owner_Account: 'u1' }), 10019);
  assert.equal(await code('get_joined_group_list', { Member_Account: 'u1' }), 10019);
  const check = await rest.call(
    'im_open_login_svc/account_check',
    { CheckItem: [{ UserID: 'u1' }] },
    OTHER_APP,
  );
  assert.equal((check.ResultItem as { AccountStatus: string }[])[0]?.AccountStatus, 'NotImported');
  assert.equal((await rest.call('get_appid_group_list', {}, OTHER_APP)).TotalCount, 0);
  // The same group id may stand in both, with numbers of its own.
  await rest.call('create_group', { Type: 'Public', Name: 'theirs', GroupId: 'shared' }, OTHER_APP);
  const sent = await rest.call('send_group_msg', { GroupId: 'shared', Random: 1, MsgBody: text }, OTHER_APP);
  assert.equal(sent.MsgSeq, 1);
  const { GroupInfo } = await rest.call('get_group_info', { GroupIdList: ['shared'] }, APP);
  assert.equal((GroupInfo as { Name: string }[])[0]?.Name, 'mine');
});

test('requests per second are counted per app and command (60007)', async () => {
  await using limited = await startRest({ requestsPerSecond: 2 });
  const code = async (command: string, app = APP) => (await limited.call(command, {}, app)).ErrorCode;
  const list = 'get_appid_group_list';
  assert.deepEqual([await code(list), await code(list), await code(list)], [0, 0, 60007]);
  assert.deepEqual([await code(list, OTHER_APP), await code('create_group')], [0, 10004]);
  limited.clock.advance(1_000);
  assert.equal(await code(list), 0);
});

test('a failing store is answered with 10002; the reason is in the log only', async () => {
  await using broken = await startRest();
  await broken.store.close();
  const answer = await broken.call('create_group', { Type: 'Public', Name: 'n' });
  assert.equal(answer.ErrorCode, 10002);
  const failure = broken.logged.find((line) => line.includes('a command failed'));
  assert.ok(failure);
  assert.match(answer.ErrorInfo, new RegExp((JSON.parse(failure) as { requestId: string }).requestId));
});

test('neither UserSigs nor bodies get into the log', async () => {
  const { usersig = '' } = await rest.query();
  await rest.call('create_group', { Type: 'Public', Name: 'a secret name' });
  await rest.post(CREATE, group, { ...(await rest.query()), usersig: 'tampered-secret' });
  const log = rest.logged.join('');
  assert.ok(log.length > 0);
  for (const secret of [usersig, 'a secret name', 'tampered-secret', ...APP.secretKeys]) {
    assert.equal(log.includes(secret), false);
  }
});

test('an admin who is kicked needs a new UserSig', async () => {
  const kicked = await rest.query(APP, 'root');
  rest.clock.advance(1_000);
  assert.equal((await rest.post('/v4/ConfigSvc/GetIPList', '{}', kicked)).ErrorCode, 0);
  await rest.call('im_open_login_svc/account_import', { UserID: 'root' });
  assert.equal((await rest.call('im_open_login_svc/kick', { UserID: 'root' })).ErrorCode, 0);
  assert.equal((await rest.post('/v4/ConfigSvc/GetIPList', '{}', kicked)).ErrorCode, 70052);
  const usersig = await makeUserSig({
    sdkAppId: APP.sdkAppId,
    userId: 'root',
    key: APP.secretKeys[0] ?? '',
    now: Math.floor(rest.clock.now() / 1000),
    expireSeconds: 60,
  });
  assert.equal((await rest.post('/v4/ConfigSvc/GetIPList', '{}', { ...kicked, usersig })).ErrorCode, 0);
});
