import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StartReplay } from '../../src/store/commands.ts';
import type { CreateTopic, DestroyTopics, ModifyTopic } from '../../src/store/topic-commands.ts';
import { APP, DAY, progress, START, startReplay, trim } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene, type SceneOptions } from './scene.ts';

export const TOWN = '@TGS#_town';
export const NEWS = `${TOWN}@TOPIC#_news`;
const CHAT = `${TOWN}@TOPIC#_chat`;

export function createTopic(topicId: string, fields: Partial<CreateTopic> = {}): CreateTopic {
  return {
    type: 'createTopic',
    now: START,
    app: APP,
    operator: 'administrator',
    operatorIsAdmin: true,
    groupId: TOWN,
    topicId,
    idSeed: 'ABCDEFGHIJKL',
    name: 'a topic',
    imported: false,
    ...fields,
  };
}

export function modifyTopic(topicId: string, fields: Partial<ModifyTopic> = {}): ModifyTopic {
  const operator = { operator: 'administrator', operatorIsAdmin: true };
  return { type: 'modifyTopic', now: START, app: APP, ...operator, groupId: TOWN, topicId, ...fields };
}

export function destroyTopics(...topicIds: string[]): DestroyTopics {
  return { type: 'destroyTopics', now: START, app: APP, operator: 'administrator', groupId: TOWN, topicIds };
}

const destroyGroup = {
  type: 'destroyGroup',
  now: START,
  app: APP,
  operator: 'administrator',
  groupId: TOWN,
} as const;

/** A community of a and b with two topics. */
async function openTown(open: StoreKind['open'], options: SceneOptions = {}): Promise<Scene> {
  const scene = await openScene(open, options);
  await scene.group(TOWN, ['a', 'b'], { groupType: 'Community', supportTopic: true, owner: 'a' });
  await scene.batch(createTopic(NEWS), createTopic(CHAT));
  return scene;
}

const topicIds = async (scene: Scene) =>
  (await scene.store.topics({ app: APP, groupId: TOWN }))?.topics.map(({ topic }) => topic.topicId);

async function history(scene: Scene, topicId?: string): Promise<number[] | undefined> {
  const where = { app: APP, groupId: TOWN, fromMsgSeq: 0, limit: 20 };
  const page = await scene.store.history(topicId === undefined ? where : { ...where, topicId });
  return page?.messages.map(({ msgSeq }) => msgSeq);
}

export function topicSuite(kind: StoreKind): void {
  describe('topics', () => {
    creating(kind);
    sending(kind);
    muting(kind);
    ending(kind);
    delivering(kind);
    operating(kind);
  });
}

function creating({ open, durable }: StoreKind): void {
  test('a topic is as it was asked for, also after the store is opened again', async () => {
    await using scene = await openTown(open);
    const profile = { name: 'n', introduction: 'i', notification: 'o', faceUrl: 'f', customString: 'c\0"' };
    const made = await scene.commit(createTopic('', { ...profile, topicId: `${TOWN}@TOPIC#_x` }));
    assert.deepEqual(made, { kind: 'created', topicId: `${TOWN}@TOPIC#_x` });
    await scene.commit(modifyTopic(NEWS, { name: 'News', muteAll: true, now: START + 1_000 }));
    if (durable) await scene.reopen();
    const found = await scene.store.topics({ app: APP, groupId: TOWN, userId: 'b' });
    assert.deepEqual([found?.group.groupId, found?.member?.userId], [TOWN, 'b']);
    const [news, , other] = found?.topics ?? [];
    const { name, muteAll, infoSeq, createTime, lastInfoTime, memberNum } = news?.topic ?? assert.fail();
    assert.deepEqual([name, muteAll, infoSeq, memberNum], ['News', true, 2, 0]);
    assert.deepEqual([createTime, lastInfoTime], [START / 1000, START / 1000 + 1]);
    const { topic, customString } = other ?? assert.fail();
    assert.deepEqual(
      [topic.name, topic.introduction, topic.notification, topic.faceUrl, customString],
      ['n', 'i', 'o', 'f', 'c\0"'],
    );
    assert.deepEqual([topic.groupId, topic.type, topic.nextMsgSeq], [TOWN, 'Community', 1]);
  });

  test('topics are no groups: not in lists, not counted, not found as one', async () => {
    await using scene = await openTown(open, { rules: { groupsPerApp: 2 } });
    await scene.group('second', []);
    assert.deepEqual(await scene.store.groupIds({ app: APP, after: 0, limit: 9 }), {
      total: 2,
      groupIds: [TOWN, 'second'],
      next: 0,
    });
    const ofType = await scene.store.groupIds({ app: APP, type: 'Community', after: 0, limit: 9 });
    assert.deepEqual([ofType.total, ofType.groupIds], [1, [TOWN]]);
    assert.deepEqual(await scene.store.groups(APP, [NEWS]), [undefined]);
    assert.equal(await scene.sendRefused(NEWS, 'a'), 'GROUP_NOT_FOUND');
    assert.equal((await scene.store.stats()).groups, 2);
    assert.equal((await scene.groupNow(TOWN)).nextMsgSeq, 1);
  });

  test('the last one of two at once; the id of two at once', async () => {
    await using scene = await openTown(open, { rules: { topicsPerCommunity: 3 } });
    const error = (result: { kind: string; error?: string }) => result.error ?? result.kind;
    const same = await scene.batch(createTopic(`${TOWN}@TOPIC#_x`), createTopic(`${TOWN}@TOPIC#_x`));
    assert.deepEqual(same.map(error), ['created', 'GROUP_ID_IN_USE_BY_OWNER']);
    await scene.commit(destroyTopics(CHAT));
    const last = await scene.batch(createTopic(CHAT), createTopic(`${TOWN}@TOPIC#_y`));
    assert.deepEqual(last.map(error), ['created', 'TOO_MANY_GROUPS_OF_USER']);
    assert.equal((await topicIds(scene))?.length, 3);
  });

  test('some of them, in the order of their creation', async () => {
    await using scene = await openTown(open);
    const found = await scene.store.topics({ app: APP, groupId: TOWN, topicIds: [CHAT, 'none', NEWS] });
    assert.deepEqual(
      found?.topics.map(({ topic }) => topic.topicId),
      [NEWS, CHAT],
    );
    assert.equal(await scene.store.topics({ app: APP, groupId: 'none' }), undefined);
  });
}

function sending({ open, durable }: StoreKind): void {
  test('each topic, and the community, counts its messages from 1 without a gap', async () => {
    await using scene = await openTown(open);
    const seqs = async (topicId?: string) =>
      (await scene.sent(TOWN, 'a', topicId === undefined ? {} : { topicId })).msgSeq;
    assert.deepEqual(
      [await seqs(NEWS), await seqs(CHAT), await seqs(NEWS), await seqs(), await seqs(CHAT)],
      [1, 1, 2, 1, 2],
    );
    if (durable) await scene.reopen();
    assert.deepEqual([await seqs(NEWS), await seqs()], [3, 2]);
    assert.deepEqual(
      [await history(scene, NEWS), await history(scene, CHAT), await history(scene)],
      [
        [3, 2, 1],
        [2, 1],
        [2, 1],
      ],
    );
    assert.equal(await history(scene, `${TOWN}@TOPIC#_none`), undefined);
  });

  test('a repetition is one within its topic', async () => {
    await using scene = await openTown(open);
    const again = { random: 7 };
    await scene.sent(TOWN, 'a', { ...again, topicId: NEWS });
    assert.equal((await scene.send(TOWN, 'a', { ...again, topicId: NEWS })).kind, 'duplicate');
    assert.equal((await scene.send(TOWN, 'a', { ...again, topicId: CHAT })).kind, 'sent');
    assert.equal((await scene.send(TOWN, 'a', again)).kind, 'sent');
  });

  test('the frequency is that of a topic', async () => {
    await using scene = await openTown(open, { rules: { groupMessagesPerSecond: 1 } });
    const kinds = [];
    for (const topicId of [NEWS, CHAT, NEWS]) kinds.push((await scene.send(TOWN, 'a', { topicId })).kind);
    assert.deepEqual(kinds, ['sent', 'sent', 'dropped']);
  });

  test('a topic of another community, and one that is not there', async () => {
    await using scene = await openTown(open);
    await scene.group('@TGS#_city', ['a'], { groupType: 'Community', supportTopic: true });
    assert.equal(await scene.sendRefused('@TGS#_city', 'a', { topicId: NEWS }), 'GROUP_NOT_FOUND');
    assert.equal(await scene.sendRefused(TOWN, 'a', { topicId: TOWN }), 'GROUP_NOT_FOUND');
    await scene.group('@TGS#_village', ['a'], { groupType: 'Community' });
    assert.equal(await scene.sendRefused('@TGS#_village', 'a', { topicId: NEWS }), 'TOPICS_OFF');
  });
}

function muting({ open }: StoreKind): void {
  const mute = (fields: object = {}) => ({
    type: 'muteMembers' as const,
    now: START,
    app: APP,
    operator: 'x',
    groupId: TOWN,
    userIds: ['b'],
    seconds: 60,
    ...fields,
  });

  test('a mute in a topic holds there alone, one in the community in all', async () => {
    await using scene = await openTown(open);
    await scene.commit(mute({ topicId: NEWS }));
    assert.equal(await scene.sendRefused(TOWN, 'b', { topicId: NEWS }), 'MUTED');
    await scene.sent(TOWN, 'b', { topicId: CHAT });
    const told = await scene.store.topics({ app: APP, groupId: TOWN, userId: 'b' });
    assert.deepEqual(
      told?.topics.map(({ muteUntil }) => muteUntil),
      [START / 1000 + 60, 0],
    );
    await scene.commit(mute());
    assert.equal(await scene.sendRefused(TOWN, 'b', { topicId: CHAT }), 'MUTED');
    const missing = await scene.commit(mute({ topicId: `${TOWN}@TOPIC#_none` }));
    assert.ok(missing.kind === 'refused' && missing.error === 'GROUP_NOT_FOUND');
  });

  test('everybody is muted in a topic but owner and admins', async () => {
    await using scene = await openTown(open);
    await scene.commit(modifyTopic(NEWS, { muteAll: true }));
    assert.equal(await scene.sendRefused(TOWN, 'b', { topicId: NEWS }), 'MUTED');
    await scene.sent(TOWN, 'a', { topicId: NEWS });
    await scene.sent(TOWN, 'b', { topicId: CHAT });
  });
}

function ending({ open }: StoreKind): void {
  test('a topic that was deleted is gone; its id can be used again and counts from 1', async () => {
    await using scene = await openTown(open);
    await scene.sent(TOWN, 'a', { topicId: NEWS });
    const twice = await scene.commit(destroyTopics(NEWS, NEWS, `${TOWN}@TOPIC#_none`));
    assert.deepEqual(twice, { kind: 'done', destroyed: [NEWS] });
    assert.deepEqual(await scene.commit(destroyTopics(NEWS)), { kind: 'done', destroyed: [] });
    assert.equal(await scene.sendRefused(TOWN, 'a', { topicId: NEWS }), 'GROUP_NOT_FOUND');
    assert.deepEqual(await topicIds(scene), [CHAT]);
    await scene.commit(createTopic(NEWS, { customString: 'new' }));
    assert.equal((await scene.sent(TOWN, 'a', { topicId: NEWS })).msgSeq, 1);
    assert.deepEqual(await topicIds(scene), [CHAT, NEWS]);
  });

  test('the topics go with their community', async () => {
    await using scene = await openTown(open);
    await scene.commit(destroyGroup);
    await scene.group(TOWN, ['a'], { groupType: 'Community', supportTopic: true });
    assert.deepEqual(await topicIds(scene), []);
    await scene.commit(createTopic(NEWS));
    assert.equal((await scene.sent(TOWN, 'a', { topicId: NEWS })).msgSeq, 1);
  });
}

function delivering({ open }: StoreKind): void {
  const events = [
    'group.message.sent',
    'group.topic.created',
    'group.topics.destroyed',
    'group.destroyed',
  ] as const;

  test('a lane of a topic tells its creation, its messages and its end, in this order', async () => {
    await using scene = await openScene(open);
    const id = await scene.endpoint('hook', { events: [...events], groups: [TOWN] });
    await scene.group(TOWN, ['a'], { groupType: 'Community', supportTopic: true });
    await scene.batch(createTopic(NEWS), createTopic(CHAT));
    await scene.sent(TOWN, 'a', { topicId: CHAT });
    await scene.sent(TOWN, 'a', { topicId: NEWS });
    await scene.sent(TOWN, 'a');
    await scene.commit(destroyGroup);
    const told = new Map<string, string[]>();
    for (const { facts } of await scene.drain(id)) {
      const lane = facts.topicId ?? facts.groupId;
      assert.equal(facts.groupId, TOWN);
      told.set(lane, [...(told.get(lane) ?? []), facts.kind]);
    }
    const topic = ['group.topic.created', 'group.message.sent', 'group.topics.destroyed'];
    assert.deepEqual(told.get(NEWS), topic);
    assert.deepEqual(told.get(CHAT), topic);
    assert.deepEqual(told.get(TOWN), ['group.message.sent', 'group.destroyed']);
  });

  test('a hint brings the event as the log has it', async () => {
    await using scene = await openTown(open);
    await scene.endpoint('hook');
    await scene.sent(TOWN, 'a', { topicId: NEWS });
    const hint = scene.hints.at(-1) ?? assert.fail();
    const { events: read } = await scene.read(hint, hint.cursor ?? assert.fail());
    assert.equal(hint.event?.facts.topicId, NEWS);
    assert.deepEqual(hint.event, read[0]);
  });

  test('an imported topic and a change of what nobody is told about make no event', async () => {
    await using scene = await openTown(open);
    const id = await scene.endpoint('hook', { events: ['group.topic.created', 'group.topic.changed'] });
    await scene.commit(createTopic(`${TOWN}@TOPIC#_old`, { imported: true, createTime: 1 }));
    await scene.commit(modifyTopic(NEWS, { muteAll: true, customString: 'c', name: 'a topic' }));
    assert.deepEqual(await scene.drain(id), []);
    await scene.commit(modifyTopic(NEWS, { introduction: 'i', muteAll: false }));
    const [event] = await scene.drain(id);
    assert.deepEqual(
      event?.facts.kind === 'group.topic.changed' && [event.facts.topicId, event.facts.introduction],
      [NEWS, 'i'],
    );
  });

  test('what was delivered of a deleted topic is trimmed, a cursor that is behind keeps its log', async () => {
    await using scene = await openTown(open);
    const id = await scene.endpoint('hook');
    await scene.sent(TOWN, 'a', { topicId: NEWS });
    await scene.sent(TOWN, 'a', { topicId: CHAT });
    await scene.commit(destroyTopics(NEWS, CHAT));
    const [lane] = await scene.dueLanes(id);
    await scene.save(progress(lane ?? assert.fail(), { cursor: lane?.cursor ?? 0, dueAt: START + 30 * DAY }));
    const due = await scene.store.dueLanes({ endpointId: id, now: START + DAY, limit: 9 });
    for (const one of due.lanes) await scene.save(progress(one, { cursor: one.cursor + 1, idle: true }));
    const trimmed = await scene.commit(trim({ now: START + 8 * DAY }));
    // Of each topic: created, sent, destroyed. The community has its own creation.
    assert.equal(trimmed.logRows, 3 + 1 + 1);
    const read = await scene.read(lane ?? assert.fail(), lane?.cursor ?? 0);
    assert.deepEqual(read.events.length, 1);
  });
}

function operating({ open }: StoreKind): void {
  test('lanes and lag name the topic; a group means its topics, a topic itself', async () => {
    await using scene = await openTown(open);
    const id = await scene.endpoint('hook');
    for (const topicId of [NEWS, CHAT]) await scene.sent(TOWN, 'a', { topicId });
    await scene.sent(TOWN, 'a');
    const lanes = async (fields: object) =>
      (await scene.store.lanes({ app: APP, limit: 9, ...fields }))
        .map(({ groupId, topicId }) => `${groupId} ${topicId ?? ''}`)
        .toSorted();
    assert.deepEqual(await lanes({ groupId: TOWN }), [`${TOWN} `, `${TOWN} ${CHAT}`, `${TOWN} ${NEWS}`]);
    assert.deepEqual(await lanes({ groupId: TOWN, topicId: NEWS }), [`${TOWN} ${NEWS}`]);
    assert.deepEqual(await lanes({ topicId: TOWN }), []);
    const lag = await scene.store.lag({ endpointId: id, after: 0 });
    assert.deepEqual(lag.largest.map(({ topicId }) => topicId ?? '').toSorted(), ['', CHAT, NEWS]);
  });

  test('one message of a topic is explained', async () => {
    await using scene = await openTown(open);
    await scene.endpoint('hook', { groups: [TOWN] });
    await scene.sent(TOWN, 'a', { topicId: NEWS });
    const explained = await scene.store.explain({ app: APP, groupId: TOWN, topicId: NEWS, msgSeq: 1 });
    assert.ok(explained.kind === 'found');
    assert.equal(explained.deliveries[0]?.wanted, true);
    const none = { app: APP, groupId: TOWN, msgSeq: 1 };
    assert.equal((await scene.store.explain(none)).kind, 'no-message');
    assert.equal((await scene.store.explain({ ...none, topicId: 'none' })).kind, 'no-topic');
  });

  test('a replay of a group takes its topics along, one of a topic or by numbers does not', async () => {
    await using scene = await openTown(open);
    const id = await scene.endpoint('hook');
    for (const topicId of [NEWS, CHAT, NEWS]) await scene.sent(TOWN, 'a', { topicId });
    await scene.sent(TOWN, 'a');
    await scene.drain(id);
    const replayed = async (fields: Partial<StartReplay>) => {
      assert.equal((await scene.commit(startReplay('hook', { groupId: TOWN, ...fields }))).kind, 'done');
      return (await scene.drain(id))
        .map(({ facts }) => `${facts.topicId?.slice(-4) ?? 'town'} ${facts.msgSeq}`)
        .toSorted();
    };
    assert.deepEqual(await replayed({}), ['chat 1', 'news 1', 'news 2', 'town 1']);
    assert.deepEqual(await replayed({ topicId: NEWS }), ['news 1', 'news 2']);
    assert.deepEqual(await replayed({ topicId: NEWS, fromMsgSeq: 2 }), ['news 2']);
    assert.deepEqual(await replayed({ toMsgSeq: 9 }), ['town 1']);
    const refused = await scene.commit(startReplay('hook', { groupId: TOWN, topicId: 'none' }));
    assert.ok(refused.kind === 'refused' && refused.code === 'not-found');
  });

  test('dead letters of a topic are closed by themselves or with their group', async () => {
    await using scene = await openTown(open);
    const id = await scene.endpoint('hook');
    for (const topicId of [NEWS, CHAT]) await scene.sent(TOWN, 'a', { topicId });
    const given = (await scene.dueLanes(id)).map((lane) => ({
      lane,
      seq: lane.cursor + 1,
      reason: 'attempts' as const,
      detail: 'x',
      attempts: 1,
      firstAttemptAt: START,
    }));
    await scene.commit({
      type: 'checkpoint',
      now: START,
      generation: scene.store.generation,
      lanes: [],
      attempts: [],
      deadLetters: given,
    });
    const letters = await scene.store.deadLetters({ app: APP, includeReplayed: false, limit: 9 });
    assert.deepEqual(letters.map(({ topicId }) => topicId).toSorted(), [CHAT, NEWS]);
    const close = (fields: object) =>
      scene.commit({
        type: 'closeDeadLetters',
        now: START,
        app: APP,
        how: 'dismiss',
        after: 0,
        limit: 9,
        ...fields,
      });
    assert.equal((await close({ groupId: TOWN, topicId: NEWS })).closed, 1);
    assert.equal((await close({ groupId: TOWN })).closed, 1);
  });
}
