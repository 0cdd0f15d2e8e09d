import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRORS } from '@confab-im/protocol';
import { answer, type Moderated, questionOf, startModerated } from '../support/moderated.ts';
import type { Script } from '../support/scripted-receiver.ts';

const CREATE = 'Group.CallbackBeforeCreateTopic';
const TOWN = '@TGS#_town';
const NEWS = `${TOWN}@TOPIC#_news`;
const MILLION = 'million_group_open_http_svc';

/** An endpoint that is asked about topics, and a Community that has some. */
async function start(script: Script): Promise<Moderated> {
  const world = await startModerated(script, { endpoint: false });
  const town = { Type: 'Community', GroupId: TOWN, Name: 'n', SupportTopic: 1 };
  await world.rest.call('create_group', town);
  // Only now: groups and their topics have one switch.
  await world.ask({ name: 'mod', events: [CREATE], groups: [TOWN] });
  return world;
}

const create = (world: Moderated, fields: object = {}) =>
  world.rest.call(`${MILLION}/create_topic`, { GroupId: TOWN, TopicId: NEWS, TopicName: 'News', ...fields });
const topics = async (world: Moderated) =>
  (await world.rest.call(`${MILLION}/get_topic`, { GroupId: TOWN })).TopicAndSelfInfo as unknown[];

test('before a topic is created: asked once, with what the document says and no more', async () => {
  await using world = await start(() => answer());
  assert.equal((await create(world)).ErrorCode, 0);
  assert.deepEqual(
    world.moderator.requests.map((request) => questionOf(request).body),
    [{ CallbackCommand: CREATE, Name: 'News', Operator_Account: 'administrator', Type: 'Community' }],
  );
  assert.equal((await topics(world)).length, 1);
});

for (const [code, expected] of [
  [1, ERRORS.REFUSED_BY_WEBHOOK.code],
  [10_150, 10_150],
] as const) {
  test(`before a topic is created: ${code} refuses it`, async () => {
    await using world = await start(() => answer({ ErrorCode: code, ErrorInfo: 'no' }));
    assert.equal((await create(world)).ErrorCode, expected);
    assert.deepEqual(await topics(world), []);
  });
}

test('what the rules refuse is asked of nobody, and neither is an import', async () => {
  await using world = await start(() => answer({ ErrorCode: 1 }));
  assert.equal((await create(world, { TopicId: 'news' })).ErrorCode, ERRORS.INVALID_GROUP_ID.code);
  const old = { GroupId: TOWN, TopicId: NEWS, TopicName: 'old' };
  assert.equal((await world.rest.call('import_topic', old)).ErrorCode, 0);
  assert.equal(world.moderator.requests.length, 0);
});
