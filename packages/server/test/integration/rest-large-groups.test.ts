import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { APP, type Harness, startRest } from '../support/rest-harness.ts';

let rest: Harness;
const users = Array.from({ length: 10_001 }, (_, i) => `user${i}`);

before(async () => {
  rest = await startRest({ rules: { maxMembers: { ...DEFAULT_RULES.maxMembers, Public: 20_000 } } });
  const base = { now: rest.clock.now(), app: APP.sdkAppId };
  await rest.store.commit({ ...base, type: 'importAccounts', accounts: users.map((userId) => ({ userId })) });
  for (const [Type, GroupId, userIds] of [
    ['Public', 'crowd', users],
    ['Community', '@TGS#_town', users.slice(0, 101)],
  ] as const) {
    await rest.call('create_group', { Type, GroupId, Name: 'n' });
    const operator = 'administrator';
    await rest.store.commit({
      ...base,
      type: 'addMembers',
      operator,
      groupId: GroupId,
      userIds,
      silent: true,
    });
  }
});
after(() => rest[Symbol.asyncDispose]());

const list = async (body: object) => {
  const answer = await rest.call('get_group_member_info', { MemberInfoFilter: ['Account'], ...body });
  const members = answer.MemberList as { Member_Account: string }[] | undefined;
  return { answer, names: members?.map(({ Member_Account }) => Member_Account) };
};

test('over 10,000 members have to be paged (10054)', async () => {
  assert.equal((await list({ GroupId: 'crowd' })).answer.ErrorCode, 10054);
  const page = await list({ GroupId: 'crowd', Limit: 6_000, Offset: 5_000 });
  assert.deepEqual(page.names, users.slice(5_000));
  assert.equal(page.answer.MemberNum, 10_001);
});

test('an answer over 1 MB is refused (10018), a narrower one is not', async () => {
  const info = async (ResponseFilter?: object) =>
    (await rest.call('get_group_info', { GroupIdList: ['crowd'], ResponseFilter })).ErrorCode;
  assert.equal(await info(), 10018);
  assert.equal(await info({ MemberInfoFilter: ['Account'] }), 0);
});

test('three times the members together are refused before they are read', async () => {
  const GroupIdList = ['crowd', 'crowd', 'crowd'];
  const answer = await rest.call('get_group_info', {
    GroupIdList,
    ResponseFilter: { MemberInfoFilter: ['Account'] },
  });
  assert.equal(answer.ErrorCode, 10018);
  assert.match(answer.ErrorInfo, /over 30000 members/);
});

test('a Community gives 100 members at a time', async () => {
  const first = await list({ GroupId: '@TGS#_town', Limit: 6_000 });
  assert.deepEqual([first.names?.length, first.answer.Next], [100, '100']);
  const second = await list({ GroupId: '@TGS#_town', Next: '100' });
  assert.deepEqual([second.names, second.answer.Next], [['user100'], '']);
});
