import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeGauges } from '../../src/service/gauges.ts';
import { LagSurvey } from '../../src/service/lag.ts';
import { openMemoryStore } from '../../src/store/sqlite/open.ts';
import type { Store } from '../../src/store/store.ts';
import { APP, progress } from '../conformance/commands.ts';
import type { OpenStore } from '../conformance/open-store.ts';
import { openScene, type Scene } from '../conformance/scene.ts';
import { APP as ADMIN_APP, sendTo, startAdminApi } from '../support/admin-api.ts';
import { ManualClock } from '../support/manual-clock.ts';

const openMemory: OpenStore = async ({ rules }) => openMemoryStore({ rules });

async function groups(scene: Scene, count: number): Promise<void> {
  await scene.accounts('a');
  const made = Array.from({ length: count }, (_, n) => scene.group(`g${n}`, ['a']));
  await Promise.all(made);
}

const find = async (survey: LagSurvey, endpoint: string) =>
  (await survey.lag()).find((one) => one.endpoint === endpoint) ?? assert.fail(`${endpoint} is not there`);

test('lanes, events, the oldest of them and the worst groups, over several pages', async () => {
  await using scene = await openScene(openMemory);
  const hook = await scene.endpoint('hook');
  await scene.endpoint('idle', { groups: ['none'] });
  await groups(scene, 1_100);
  const start = scene.now;
  for (let n = 0; n < 1_100; n += 1) {
    scene.now = start + 1_000 - (n === 1_050 ? 500 : 0);
    await scene.sent(`g${n}`, 'a');
  }
  scene.now = start + 2_000;
  for (let n = 0; n < 4; n += 1) await scene.sent('g7', 'a');
  const survey = new LagSurvey(scene.store, new ManualClock());
  const lag = await find(survey, 'hook');
  assert.deepEqual([lag.lanes, lag.events, lag.truncated], [1_100, 1_104, false]);
  assert.equal(lag.oldestAt, start + 500);
  assert.deepEqual(lag.oldest[0], { groupId: 'g1050', events: 1, oldestAt: start + 500 });
  assert.deepEqual(lag.largest[0], { groupId: 'g7', events: 5, oldestAt: start + 1_000 });
  assert.deepEqual([lag.oldest.length, lag.largest.length], [50, 50]);
  const idle = await find(survey, 'idle');
  assert.deepEqual([idle.lanes, idle.events, idle.oldestAt, idle.truncated], [0, 0, undefined, false]);

  const few = new LagSurvey(scene.store, new ManualClock(), 1_000);
  assert.deepEqual(
    (await few.lag()).map(({ lanes, truncated }) => [lanes, truncated]),
    [
      [1_000, true],
      [0, true],
    ],
  );
  const gauges = await storeGauges(scene.store, few, new ManualClock(start + 10_500));
  assert.deepEqual(gauges.lag, [{ app: APP, endpoint: 'hook', events: 1_000 + 4, ageSeconds: 10 }]);
  assert.ok(hook > 0);
});

test('what is settled beyond the cursor is not behind, and a replay alone has no age', async () => {
  await using scene = await openScene(openMemory);
  const endpointId = await scene.endpoint('hook', { order: 'none' });
  const { streamId } = await scene.group('g', ['a']);
  for (let n = 0; n < 5; n += 1) await scene.sent('g', 'a');
  await scene.save(progress({ endpointId, streamId }, { cursor: 2, acked: [4, 5] }));
  const lag = async () => (await find(new LagSurvey(scene.store, new ManualClock()), 'hook')).events;
  assert.equal(await lag(), 2);
  await scene.save(progress({ endpointId, streamId }, { cursor: 6 }));
  assert.equal(await lag(), 0);
  const gauges = await storeGauges(
    scene.store,
    new LagSurvey(scene.store, new ManualClock()),
    new ManualClock(),
  );
  assert.deepEqual(gauges.lag, [{ app: APP, endpoint: 'hook', events: 0, ageSeconds: 0 }]);
});

test('the store is not asked again within ten seconds, but after a failure it is', async () => {
  await using scene = await openScene(openMemory);
  await scene.endpoint('hook');
  await scene.group('g', ['a']);
  const clock = new ManualClock();
  let failing = true;
  const endpoints: Store['endpoints'] = () =>
    failing ? Promise.reject(new Error('disk full')) : scene.store.endpoints();
  const survey = new LagSurvey({ endpoints, lag: (query) => scene.store.lag(query) }, clock);
  await assert.rejects(survey.lag(), /disk full/);
  failing = false;
  assert.equal((await find(survey, 'hook')).lanes, 0);
  await scene.sent('g', 'a');
  clock.advance(9_999);
  assert.equal((await find(survey, 'hook')).lanes, 0);
  clock.advance(1);
  assert.equal((await find(survey, 'hook')).lanes, 1);
});

test('the admin API shows it, with filters and the worst groups in either order', async () => {
  await using api = await startAdminApi();
  for (const name of ['main', 'other'])
    await api.call(`POST apps/${ADMIN_APP}/endpoints`, {
      name,
      url: 'https://a.example/',
      events: 'Group.CallbackAfterSendMsg',
    });
  await sendTo(api, 'old', ['one']);
  api.clock.advance(5_000);
  await sendTo(api, 'big', ['one', 'two', 'three']);
  const { body } = await api.call('GET lag');
  assert.deepEqual(
    body.lag.map((one: { endpoint: string; events: number }) => [one.endpoint, one.events]),
    [
      ['main', 4],
      ['other', 4],
    ],
  );
  const worst = async (query: string) => (await api.call(`GET lag?endpoint=main&${query}`)).body.lag[0].worst;
  assert.deepEqual(
    (await worst('worst=1')).map((one: { groupId: string }) => one.groupId),
    ['old'],
  );
  assert.deepEqual(await worst('worst=1&by=events'), [
    { groupId: 'big', events: 3, oldestAt: api.clock.now() },
  ]);
  assert.deepEqual((await api.call('GET lag?app=7')).body.lag, []);
  assert.equal((await api.call('GET lag?by=size')).status, 400);
});
