import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../src/base/clock.ts';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { parseEndpoint } from '../../src/domain/settings/parse-endpoint.ts';
import { openWorkerStore } from '../../src/store/sqlite/worker-store.ts';
import type { Store } from '../../src/store/store.ts';
import { Dispatcher } from '../../src/webhook/dispatcher.ts';
import { type Arrival, arrivalOf } from '../support/arrivals.ts';
import { APP, SENDER } from '../support/dispatch-harness.ts';
import { recordOutcomes } from '../support/recording-observer.ts';
import { startReceiver } from '../support/scripted-receiver.ts';

const GROUPS = 20;
const WAVES = 60;

async function openStore(t: TestContext): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'confab-worker-'));
  const rules = { ...DEFAULT_RULES, groupMessagesPerSecond: 0 };
  const store = await openWorkerStore({ path: join(folder, 'confab.db'), rules });
  t.after(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  const now = Date.now();
  await store.commit({ type: 'importAccounts', app: APP, now, accounts: [{ userId: SENDER }] });
  for (let group = 0; group < GROUPS; group += 1) {
    await store.commit({
      type: 'createGroup',
      app: APP,
      now,
      operator: SENDER,
      groupType: 'Public',
      name: 'g',
      groupId: `g${group}`,
      idSeed: 'UNUSEDSEED00',
    });
  }
  return store;
}

function send(store: Store, group: number, random: number): Promise<{ readonly kind: string }> {
  return store.commit({
    type: 'sendMessage',
    app: APP,
    now: Date.now(),
    groupId: `g${group}`,
    sender: SENDER,
    operator: SENDER,
    senderIsAdmin: true,
    random,
    priority: 'Normal',
    onlineOnly: false,
    msgBodyJson: '[{"MsgType":"TIMTextElem","MsgContent":{"Text":"x"}}]',
    noUnread: false,
    noLastMsg: false,
    forbidAfterWebhook: false,
    supportMessageExtension: false,
    needReadReceipt: false,
    clientIp: '203.0.113.7',
    platform: 'RESTAPI',
    operationId: 'op',
  });
}

test('with the store in its thread and the real clock, each message still comes once and in order', async (t) => {
  const store = await openStore(t);
  const arrivals: Arrival[] = [];
  const counts = new Map<string, number>();
  await using receiver = await startReceiver((request) => {
    arrivals.push(arrivalOf(request, counts));
    return {};
  });
  const url = `${receiver.url}/a`;
  const read = parseEndpoint({
    name: 'a',
    url,
    events: 'Group.CallbackAfterSendMsg',
    allowPrivateNetwork: true,
    concurrency: 8,
  });
  assert.ok(read.ok);
  await store.commit({ type: 'putEndpoint', app: APP, now: Date.now(), settings: read.value, source: 'api' });
  const { observer, storeErrors } = recordOutcomes(() => {});
  const dispatcher = new Dispatcher({
    store,
    clock: systemClock(),
    random: () => 0.5,
    observer,
    onFenced: () => assert.fail('fenced'),
  });
  await dispatcher.start();
  const sent = new Array<number>(GROUPS).fill(0);
  for (let wave = 0; wave < WAVES; wave += 1) {
    // Group 0 in each wave, the others now and then: lanes come and go while their checkpoints are on the way.
    const groups = sent.map((_, group) => group).filter((group) => wave % (group + 1) === 0);
    const results = await Promise.all(groups.map((group) => send(store, group, wave + 1)));
    assert.ok(results.every(({ kind }) => kind === 'sent'));
    for (const group of groups) sent[group] = (sent[group] ?? 0) + 1;
    if (wave % 3 === 0) await receiver.waitFor(sent.reduce((sum, count) => sum + count, 0));
  }
  await receiver.waitFor(sent.reduce((sum, count) => sum + count, 0));
  await dispatcher.stop();
  for (const [group, messages] of sent.entries()) {
    assert.deepEqual(
      arrivals.filter((arrival) => arrival.group === `g${group}`).map(({ msgSeq }) => msgSeq),
      Array.from({ length: messages }, (_, index) => index + 1),
    );
  }
  // A lane that was told of news when it stopped keeps its row, with nothing behind its cursor.
  const lanes = await store.lanes({ limit: GROUPS });
  assert.ok(lanes.every(({ lag }) => lag === 0));
  assert.deepEqual(storeErrors, []);
});
