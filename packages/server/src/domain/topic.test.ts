import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Group } from './group.ts';
import { type CreateTopicRequest, type CreateTopicState, createTopicRefusal, topicChanges } from './topic.ts';
import { makeTopicId } from './topic-id.ts';

const GROUP_ID = '@TGS#_town';
const community = {
  groupId: GROUP_ID,
  type: 'Community',
  supportTopic: true,
  name: 'n',
  introduction: '',
  muteAll: false,
} as Group;

function refusal(
  request: Partial<CreateTopicRequest>,
  state: Partial<CreateTopicState> = {},
  topicsPerCommunity = 200,
): string | undefined {
  return createTopicRefusal(
    { groupId: GROUP_ID, imported: false, ...request },
    { community, taken: false, topics: 0, ...state },
    { topicsPerCommunity },
  )?.error;
}

describe('topics', () => {
  test('a custom id is the community, the mark and printable ASCII, 96 bytes in all', () => {
    const beginning = `${GROUP_ID}@TOPIC#_`;
    for (const topicId of [`${beginning}news`, `${beginning} `, beginning.padEnd(96, 'x')]) {
      assert.equal(refusal({ topicId }), undefined, topicId);
    }
    for (const topicId of [
      '',
      'news',
      beginning,
      '@TGS#_other@TOPIC#_news',
      `${beginning}é`,
      beginning.padEnd(97, 'x'),
      `${beginning}a@TGS#_b`,
    ]) {
      assert.equal(refusal({ topicId }), 'INVALID_GROUP_ID', topicId);
    }
  });

  test('an id as the server makes them can only be imported', () => {
    const topicId = makeTopicId(GROUP_ID, 'SEED');
    assert.equal(topicId, '@TGS#_town@TOPIC#_@TOPIC#SEED');
    assert.equal(refusal({ topicId }), 'INVALID_GROUP_ID');
    assert.equal(refusal({ topicId, imported: true }), undefined);
  });

  test('only a Community that was created with topics has some, up to a limit', () => {
    assert.equal(refusal({}, { community: { ...community, type: 'Public' } }), 'PERMISSION_DENIED');
    assert.equal(refusal({}, { community: { ...community, supportTopic: false } }), 'TOPICS_OFF');
    assert.equal(refusal({}, { topics: 199 }), undefined);
    assert.equal(refusal({}, { topics: 200 }), 'TOO_MANY_GROUPS_OF_USER');
  });

  test('an id that is taken', () => {
    const topicId = `${GROUP_ID}@TOPIC#_news`;
    assert.equal(refusal({ topicId }, { taken: true }), 'GROUP_ID_IN_USE_BY_OWNER');
    assert.equal(refusal({ topicId, imported: true }, { taken: true }), 'GROUP_ID_IN_USE');
  });

  test('of a change only what differs counts, and the mute is told to nobody', () => {
    assert.deepEqual(topicChanges(community, { name: 'n', introduction: 'i', muteAll: true }), {
      changed: { introduction: 'i', muteAll: true },
      told: { introduction: 'i' },
    });
    assert.deepEqual(topicChanges(community, { name: 'n', muteAll: false }), { changed: {}, told: {} });
    assert.deepEqual(topicChanges({ ...community, introduction: 'i' }, { introduction: '' }).told, {
      introduction: '',
    });
  });
});
