import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { ATTRIBUTE_CHANGES } from '../../src/domain/group-attributes.ts';
import type { ExtensionWrite } from '../../src/domain/message-extensions.ts';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import type { Command } from '../../src/store/commands.ts';
import type { FailedAttempt, LaneRow } from '../../src/store/lanes.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { openMemoryStore } from '../../src/store/sqlite/open.ts';
import type { Store } from '../../src/store/store.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import {
  APP,
  checkpoint,
  createGroup,
  progress,
  putEndpoint,
  START,
  sendMessage,
  startReplay,
  trim,
} from './commands.ts';
import { updateCounters, writeAttributes } from './group-values.ts';
import { createTopic, destroyTopics, modifyTopic, NEWS, TOWN } from './topics.ts';

const USERS = ['a', 'b', 'c'];
const GROUPS = ['g', 'h', 'room'];
const HOOKS = ['hook', 'chain'];

/** What is done to a store next; a function looks at it first, as a dispatcher does. */
type Step = readonly Command[] | ((store: Store, now: number) => Promise<unknown>);

const user = fc.constantFrom(...USERS);
const users = fc.uniqueArray(user, { minLength: 1, maxLength: 3 });
const group = fc.constantFrom(...GROUPS);
const hook = fc.constantFrom(...HOOKS);
const id = fc.integer({ min: 1, max: 6 });
const inApp = { now: START, app: APP, operator: 'administrator', silent: false };

const sending = fc
  .record({
    to: group,
    from: user,
    random: fc.nat(20),
    onlineOnly: fc.boolean(),
    forbidAfterWebhook: fc.nat(5),
    needReadReceipt: fc.boolean(),
  })
  .map(({ to, from, random, onlineOnly, forbidAfterWebhook, needReadReceipt }) =>
    sendMessage(to, from, {
      random,
      onlineOnly,
      forbidAfterWebhook: forbidAfterWebhook === 0,
      needReadReceipt,
      supportMessageExtension: needReadReceipt,
    }),
  );
const grouping = fc.oneof(
  group.map((groupId) => createGroup({ groupId, groupType: groupId === 'room' ? 'AVChatRoom' : 'Public' })),
  fc
    .tuple(group, users)
    .map(([groupId, members]) => createGroup({ groupId, members: members.map((userId) => ({ userId })) })),
  fc.tuple(group, user).map(([groupId, owner]) => createGroup({ groupId, owner, groupType: 'Private' })),
  fc
    .tuple(group, users)
    .map(([groupId, userIds]): Command => ({ type: 'addMembers', ...inApp, groupId, userIds })),
  fc
    .tuple(group, users)
    .map(([groupId, userIds]): Command => ({ type: 'deleteMembers', ...inApp, groupId, userIds })),
  fc.tuple(group, users, fc.constantFrom(0, 60)).map(
    ([groupId, userIds, seconds]): Command => ({
      type: 'muteMembers',
      ...inApp,
      groupId,
      userIds,
      seconds,
    }),
  ),
);
const valued = fc.oneof(
  fc
    .tuple(group, fc.constantFrom(...ATTRIBUTE_CHANGES), fc.constantFrom('a', 'b'), id)
    .map(([groupId, change, key, value]) =>
      writeAttributes(groupId, { change, entries: [{ key, value: String(value) }] }),
    ),
  group.map((groupId) => updateCounters(groupId)),
  group.map(
    (groupId): Command => ({ type: 'deleteCounters', now: START, app: APP, groupId, keys: ['likes'] }),
  ),
);
const changing = fc.oneof(
  fc
    .tuple(group, fc.array(id, { minLength: 1, maxLength: 3 }))
    .map(([groupId, msgSeqs]): Command => ({ type: 'recallMessages', ...inApp, groupId, msgSeqs })),
  fc
    .tuple(group, user)
    .map(([groupId, sender]): Command => ({ type: 'recallMessagesOf', ...inApp, groupId, sender })),
  fc
    .tuple(group, id, fc.constantFrom({ msgBodyJson: '["new"]' }, { cloudCustomData: 'new' }))
    .map(
      ([groupId, msgSeq, parts]): Command => ({ type: 'modifyMessage', ...inApp, groupId, msgSeq, ...parts }),
    ),
  fc.tuple(group, fc.array(fc.tuple(user, id), { minLength: 1, maxLength: 3 })).map(
    ([groupId, sent]): Command => ({
      type: 'importMessages',
      now: START,
      app: APP,
      groupId,
      messages: sent.map(([sender, random]) => ({
        sender,
        sendTime: START / 1000,
        random,
        msgBodyJson: '["old"]',
      })),
    }),
  ),
  fc.tuple(group, user, fc.array(id, { minLength: 1, maxLength: 3 })).map(
    ([groupId, reader, msgSeqs]): Command => ({
      type: 'reportReceipts',
      now: START,
      app: APP,
      groupId,
      reader,
      msgSeqs,
    }),
  ),
  fc
    .tuple(
      group,
      id,
      fc.constantFrom<ExtensionWrite>(
        { operate: 'set', pairs: [{ key: 'k', value: 'v' }] },
        { operate: 'set', pairs: [{ key: 'l', value: 'w' }] },
        { operate: 'delete', keys: ['k'] },
        { operate: 'clear' },
      ),
    )
    .map(
      ([groupId, msgSeq, write]): Command => ({
        type: 'writeExtensions',
        now: START,
        app: APP,
        groupId,
        msgSeq,
        write,
      }),
    ),
  fc.tuple(group, user, id).map(
    ([groupId, userId, unread]): Command => ({
      type: 'setUnread',
      now: START,
      app: APP,
      groupId,
      userId,
      unread,
    }),
  ),
);
const topics = ['news', 'chat'].map((name) => `${TOWN}@TOPIC#_${name}`);
const topic = fc.constantFrom(...topics);
const inTopics = fc.oneof(
  fc
    .tuple(topic, user, fc.nat(20))
    .map(([topicId, from, random]) => sendMessage(TOWN, from, { topicId, random })),
  fc.tuple(topic, user).map(
    ([topicId, from]): Command => ({
      type: 'muteMembers',
      ...inApp,
      groupId: TOWN,
      topicId,
      userIds: [from],
      seconds: 2,
    }),
  ),
  topic.map((topicId) => createTopic(topicId, { customString: topicId })),
  fc
    .tuple(topic, id)
    .map(([topicId, name]) => modifyTopic(topicId, { name: String(name), muteAll: name === 1 })),
  fc.tuple(topic, user, id).map(
    ([topicId, userId, unread]): Command => ({
      type: 'setUnread',
      now: START,
      app: APP,
      groupId: TOWN,
      topicId,
      userId,
      unread,
    }),
  ),
  fc
    .tuple(fc.constantFrom('addMembers' as const, 'deleteMembers' as const), users)
    .map(([type, userIds]): Command => ({ type, ...inApp, groupId: TOWN, userIds })),
  topic.map((topicId) => destroyTopics(topicId)),
  fc.constant<Command>({ type: 'destroyGroup', ...inApp, groupId: TOWN }),
  fc.constant(createGroup({ groupId: TOWN, groupType: 'Community', supportTopic: true })),
  hook.map((name) => startReplay(name, { groupId: TOWN })),
);
const rare = fc.oneof(
  group.map((groupId): Command => ({ type: 'destroyGroup', ...inApp, groupId })),
  users.map((userIds): Command => ({ type: 'deleteAccounts', now: START, app: APP, userIds })),
  users.map(
    (all): Command => ({
      type: 'importAccounts',
      now: START,
      app: APP,
      accounts: all.map((userId) => ({ userId, nick: userId })),
    }),
  ),
  fc
    .tuple(hook, fc.constantFrom(undefined, ['g'], ['none']), fc.constantFrom('now', 'beginning'))
    .map(([name, groups, at]) =>
      putEndpoint(name, {
        ...(groups === undefined ? {} : { groups }),
        start: { at: at === 'now' ? 'now' : 'beginning' },
        dialect: name === 'chain' ? 'standard' : 'tencent',
      }),
    ),
  fc
    .tuple(hook, fc.boolean())
    .map(([name, paused]): Command => ({ type: 'setEndpointPaused', now: START, app: APP, name, paused })),
  fc
    .tuple(hook, fc.boolean())
    .map(([name, force]): Command => ({ type: 'deleteEndpoint', now: START, app: APP, name, force })),
  fc
    .tuple(hook, group, id, id)
    .map(([name, groupId, from, to]) => startReplay(name, { groupId, fromMsgSeq: from, toMsgSeq: to })),
  hook.map((name) => startReplay(name)),
  id.map((pageSize): Command => ({ type: 'continueJobs', now: START, pageSize })),
  id.map((letter): Command => ({ type: 'replayDeadLetter', now: START, app: APP, id: letter })),
  fc
    .constantFrom<'replay' | 'dismiss'>('replay', 'dismiss')
    .map((how): Command => ({ type: 'closeDeadLetters', now: START, app: APP, how, after: 0, limit: 2 })),
  id.map((limit) => trim({ replayWindowMs: 20_000, messageWindowMs: 60_000, limit: limit * 3 })),
);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: sending },
  { weight: 2, arbitrary: grouping },
  { weight: 1, arbitrary: changing },
  { weight: 2, arbitrary: rare },
  { weight: 1, arbitrary: valued },
  { weight: 3, arbitrary: inTopics },
);

type Fate = 'deliver' | 'fail' | 'bury';

/** Reads what the due lanes have to deliver and writes down what became of it. */
function dispatch(fate: Fate, maxEvents: number): Step {
  return async (store, now) => {
    const seen: unknown[] = [];
    for (const { id: endpointId } of await store.endpoints()) {
      const { lanes } = await store.dueLanes({ endpointId, now: Number.MAX_SAFE_INTEGER, limit: 9 });
      const reads = lanes.map(({ streamId, cursor }) => ({ endpointId, streamId, after: cursor, maxEvents }));
      const read = await store.readEvents(reads);
      seen.push(lanes, read);
      const told = lanes.map((lane, index) => tell(fate, lane, read[index], now));
      const all = {
        now,
        lanes: told.map(({ lane }) => lane),
        attempts: told.flatMap(({ attempts }) => attempts),
        deadLetters: told.flatMap(({ letters }) => letters),
      };
      seen.push(await store.commit(checkpoint(store.generation, all)));
    }
    return seen;
  };
}

function tell(
  fate: Fate,
  lane: LaneRow,
  read: Awaited<ReturnType<Store['readEvents']>>[number] | undefined,
  now: number,
) {
  const events = read?.events ?? [];
  const [first] = events;
  const last = events.at(-1);
  const replay =
    first?.replayId === undefined ? {} : { replayId: first.replayId, replayedThrough: last?.seq ?? 0 };
  const cursor = first?.replayId === undefined ? (read?.scannedThrough ?? lane.cursor) : lane.cursor;
  const idle = first?.replayId === undefined && read?.atHead === true;
  if (fate === 'deliver' || first === undefined) {
    const delivered =
      first === undefined || last === undefined || first.replayId !== undefined
        ? {}
        : {
            delivered: {
              fromSeq: first.seq,
              throughSeq: last.seq,
              count: events.length,
              firstAt: now,
              lastAt: now,
            },
          };
    return {
      lane: progress(lane, { cursor, idle, ...replay, ...delivered, dueAt: now }),
      attempts: [],
      letters: [],
    };
  }
  const failed: FailedAttempt = {
    lane: { endpointId: lane.endpointId, streamId: lane.streamId },
    seq: first.seq,
    attempt: 1,
    at: now,
    durationMs: 5,
    verdict: 'http_status',
    status: 500,
    detail: 'no',
    probe: first.seq % 2 === 0,
  };
  if (fate === 'fail') {
    const retries = [{ seq: first.seq, attempts: 1, firstAttemptAt: now, dueAt: now + 1_000 }];
    return {
      lane: progress(lane, { cursor: lane.cursor, retries, dueAt: now + 1_000 }),
      attempts: [failed],
      letters: [],
    };
  }
  const letter = {
    lane: failed.lane,
    seq: first.seq,
    reason: 'attempts',
    detail: 'x',
    attempts: 1,
    firstAttemptAt: now,
  } as const;
  return {
    lane: progress(lane, { cursor, idle, ...replay, dueAt: now }),
    attempts: [failed],
    letters: [letter],
  };
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.array(command, { minLength: 1, maxLength: 10 }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom<Fate>('deliver', 'deliver', 'fail', 'bury'), id)
      .map(([fate, max]) => dispatch(fate, max)),
  },
);

/** Everything that can be read. What has no order of its own is sorted. */
async function everything(store: Store): Promise<unknown> {
  const query = { app: APP, limit: 1_000 };
  const sorted = (rows: readonly object[]) =>
    rows.map((row) => JSON.stringify(Object.entries(row).toSorted())).toSorted();
  const groups = await store.groups(APP, GROUPS);
  const { databaseBytes: _bytes, schemaVersion: _version, ...stats } = await store.stats();
  const numbered = groups.flatMap((one) => (one === undefined ? [] : [one]));
  return {
    groups,
    endpoints: await store.endpoints(),
    groupIds: await store.groupIds({ app: APP, after: 0, limit: 9 }),
    imported: await store.accountsImported(APP, USERS),
    histories: await Promise.all(
      GROUPS.map((groupId) => store.history({ app: APP, groupId, fromMsgSeq: 0, limit: 99 })),
    ),
    topics: await store.topics({ app: APP, groupId: TOWN, userId: USERS[0] ?? '' }),
    topicHistories: await Promise.all(
      topics.map((topicId) => store.history({ app: APP, groupId: TOWN, topicId, fromMsgSeq: 0, limit: 99 })),
    ),
    values: await Promise.all(
      GROUPS.flatMap((groupId) => [
        store.attributes({ app: APP, groupId }),
        store.counters({ app: APP, groupId }),
      ]),
    ),
    receipts: await Promise.all(
      GROUPS.map((groupId) => store.receipts({ app: APP, groupId, msgSeqs: [1, 2, 3, 4, 5, 6] })),
    ).then((pages) => pages.map((page) => sorted(page?.receipts ?? []))),
    readers: await Promise.all(GROUPS.map((groupId) => readersOfFirst(store, groupId))),
    extensions: await Promise.all(
      GROUPS.map((groupId) => store.extensions({ app: APP, groupId, msgSeq: 1, from: 0, limit: 9 })),
    ),
    members: await Promise.all(
      GROUPS.map((groupId) => store.members({ app: APP, groupId, offset: 0, limit: 99 })),
    ),
    joined: await Promise.all(
      USERS.map((userId) =>
        store.joinedGroups({ app: APP, userId, withInactive: true, withHuge: true, offset: 0, limit: 9 }),
      ),
    ),
    lanes: sorted(await store.lanes(query)),
    attempts: await store.attempts(query),
    deliveries: sorted(await store.deliveries(query)),
    deadLetters: await store.deadLetters({ ...query, includeReplayed: true }),
    jobs: await store.jobs(),
    stats,
    lags: await Promise.all(
      (await store.endpoints()).map((one) => store.lag({ endpointId: one.id, after: 0 })),
    ),
    explained: await Promise.all(
      numbered.flatMap(({ groupId }) =>
        [1, 2, 3].map((msgSeq) => store.explain({ app: APP, groupId, msgSeq })),
      ),
    ),
    previews: await Promise.all(
      USERS.map((from) => store.previewSend(sendMessage('g', from, { random: 1, now: START }))),
    ),
  };
}

/** Who has read message 1 and who has not: as many as are counted. */
async function readersOfFirst(store: Store, groupId: string): Promise<unknown> {
  const lists = await Promise.all(
    [true, false].map((read) =>
      store.receiptMembers({ app: APP, groupId, msgSeq: 1, read, after: 0, limit: 9 }),
    ),
  );
  const [receipt] = (await store.receipts({ app: APP, groupId, msgSeqs: [1] }))?.receipts ?? [];
  if (receipt !== undefined) {
    const { readNum, recipients } = receipt;
    assert.deepEqual(
      lists.map((list) => list?.userIds.length),
      [readNum, recipients - readNum],
    );
  }
  return lists;
}

/**
 * Ids of events begin with the installation's own. SQLite gives the number of a deleted account to the next one at once, PostgreSQL
 * after a restart: so numbers of accounts are left out. When its commit was begun only PostgreSQL says.
 */
function comparable(value: unknown): unknown {
  const ofBoth = (key: string, inner: unknown) =>
    key === 'begunAt' ? undefined : key === 'account' || key === 'msgId' ? 0 : (inner ?? null);
  const text = JSON.stringify(value, ofBoth);
  const install = /"id":"([0-9a-f]{8})-\d+-\d+/.exec(text)?.[1];
  return JSON.parse(install === undefined ? text : text.replaceAll(install, 'installed'));
}

let server: PostgresServer;
let schemas = 0;
before(async () => {
  server = await PostgresServer.start();
});
after(() => server[Symbol.asyncDispose]());

test('whatever is done to them, both stores say the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      schemas += 1;
      await server.query(`CREATE SCHEMA both${schemas}`);
      const rules = { ...DEFAULT_RULES, groupMessagesPerSecond: 3, dedupWindowMs: 10_000 };
      const url = server.url('postgres', `?options=-csearch_path%3Dboth${schemas}`);
      const stores = [openMemoryStore({ rules }), await openPostgresStore({ url, rules })] as const;
      const hints: unknown[][] = [[], []];
      stores.forEach((store, index) => void store.onLanes((told) => hints[index]?.push(...told)));
      const furnish: Step[] = [
        [{ type: 'importAccounts', now: START, app: APP, accounts: USERS.map((userId) => ({ userId })) }],
        GROUPS.map((groupId) =>
          createGroup({
            groupId,
            ...(groupId === 'room'
              ? { groupType: 'AVChatRoom' }
              : { members: USERS.map((userId) => ({ userId })) }),
          }),
        ),
        [
          createGroup({
            groupId: TOWN,
            groupType: 'Community',
            supportTopic: true,
            members: USERS.map((userId) => ({ userId })),
          }),
          createTopic(NEWS),
        ],
        [putEndpoint('hook')],
      ];
      try {
        for (const [index, one] of [...furnish, ...steps].entries()) {
          const now = START + index * 700;
          const results = await Promise.all(
            stores.map((store) =>
              typeof one === 'function'
                ? one(store, now)
                : Promise.all(one.map((sent) => store.commit({ ...sent, now }))),
            ),
          );
          assert.deepEqual(comparable(results[1]), comparable(results[0]));
        }
        assert.deepEqual(comparable(await everything(stores[1])), comparable(await everything(stores[0])));
        assert.deepEqual(comparable(hints[1]), comparable(hints[0]));
      } finally {
        await Promise.all(stores.map((store) => store.close()));
      }
    }),
    { numRuns: Number(process.env.CONFAB_BOTH_RUNS ?? 12) },
  );
});
