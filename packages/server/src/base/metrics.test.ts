import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics, type Metrics } from './metrics.ts';
import type { StoreGauges } from './metrics-store.ts';

const MAIN = { app: 1, endpoint: 'main' };
const EMPTY: StoreGauges = {
  databaseBytes: 0,
  accounts: 0,
  groups: 0,
  lanesBehind: [],
  lag: [],
  deadLetters: [],
};

function metricsOver(stats: () => Promise<StoreGauges> = async () => EMPTY): Metrics {
  return createMetrics({ version: '0.1.0', storeStats: stats });
}

/** The samples of one metric, as the page has them. */
async function samples(metrics: Metrics, name: string): Promise<string[]> {
  const page = await metrics.render();
  return page.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

test('counts what it is told, under bounded labels', async () => {
  const metrics = metricsOver();
  metrics.requestDone('send_group_msg', 0, 0.002);
  metrics.requestDone('send_group_msg', 0, 0.004);
  metrics.requestDone('send_group_msg', 10017, 0.001);
  metrics.committed(20, 0.003);
  metrics.messageDropped(1);
  metrics.attemptDone(MAIN, 'delivered', 0.01);
  metrics.attemptDone(MAIN, 'timeout', 2);
  metrics.delivered(MAIN, 0.02);
  metrics.answerWarning(MAIN);
  metrics.deadLettered(MAIN, 'age');
  metrics.lanesInMemory(MAIN, 7);
  metrics.allowance(MAIN, 32, 1.5);
  metrics.checkpointAge(0.25);
  assert.deepEqual(await samples(metrics, 'confab_http_requests_total'), [
    'confab_http_requests_total{command="send_group_msg",code="0"} 2',
    'confab_http_requests_total{command="send_group_msg",code="10017"} 1',
  ]);
  const expected = {
    confab_http_request_duration_seconds_count: '{command="send_group_msg"} 3',
    confab_commit_commands_sum: ' 20',
    confab_commit_duration_seconds_sum: ' 0.003',
    confab_checkpoint_age_seconds: ' 0.25',
    confab_messages_dropped_total: '{app="1"} 1',
    confab_webhook_attempt_duration_seconds_count: '{app="1",endpoint="main"} 2',
    confab_webhook_delay_seconds_sum: '{app="1",endpoint="main"} 0.02',
    confab_webhook_answer_warnings_total: '{app="1",endpoint="main"} 1',
    confab_webhook_dead_letters_total: '{app="1",endpoint="main",reason="age"} 1',
    confab_webhook_lanes_in_memory: '{app="1",endpoint="main"} 7',
    confab_webhook_concurrency_allowed: '{app="1",endpoint="main"} 32',
    confab_webhook_held_seconds: '{app="1",endpoint="main"} 1.5',
  };
  for (const [name, sample] of Object.entries(expected))
    assert.deepEqual(await samples(metrics, name), [name + sample]);
  assert.equal((await samples(metrics, 'confab_webhook_attempts_total')).length, 2);
});

test('the breaker shows its state as a number', async () => {
  const metrics = metricsOver();
  for (const [state, value] of [
    ['closed', 0],
    ['half-open', 1],
    ['open', 2],
  ] as const) {
    metrics.breaker(MAIN, state);
    assert.deepEqual(await samples(metrics, 'confab_webhook_breaker_state'), [
      `confab_webhook_breaker_state{app="1",endpoint="main"} ${value}`,
    ]);
  }
});

test('the store is asked at each scrape, and what it no longer has is no longer shown', async () => {
  let gauges: StoreGauges = {
    databaseBytes: 4096,
    accounts: 3,
    groups: 2,
    lanesBehind: [{ ...MAIN, lanes: 5 }],
    lag: [{ ...MAIN, events: 70, ageSeconds: 12.5 }],
    deadLetters: [{ ...MAIN, open: 1 }],
  };
  const metrics = metricsOver(async () => gauges);
  assert.deepEqual(await samples(metrics, 'confab_lanes_behind'), [
    'confab_lanes_behind{app="1",endpoint="main"} 5',
  ]);
  const labels = 'app="1",endpoint="main"';
  assert.deepEqual(await samples(metrics, 'confab_lag_events'), [`confab_lag_events{${labels}} 70`]);
  assert.deepEqual(await samples(metrics, 'confab_lag_seconds'), [`confab_lag_seconds{${labels}} 12.5`]);
  gauges = { ...EMPTY, groups: 3 };
  for (const name of ['confab_lanes_behind', 'confab_lag_events', 'confab_lag_seconds'])
    assert.deepEqual(await samples(metrics, name), []);
  assert.deepEqual(await samples(metrics, 'confab_groups'), ['confab_groups 3']);
});

test('a store that fails does not take the page with it', async () => {
  const metrics = metricsOver(() => Promise.reject(new Error('disk full')));
  metrics.requestDone('x', 0, 1);
  assert.deepEqual(await samples(metrics, 'confab_store_up'), ['confab_store_up 0']);
  assert.equal((await samples(metrics, 'confab_http_requests_total')).length, 1);
});

test('an endpoint that is gone leaves the page', async () => {
  const metrics = metricsOver();
  metrics.attemptDone(MAIN, 'delivered', 0.01);
  metrics.breaker(MAIN, 'open');
  metrics.deadLettered(MAIN, 'age');
  metrics.forget(MAIN);
  metrics.forget({ app: 9, endpoint: 'never' });
  assert.doesNotMatch(await metrics.render(), /endpoint="main"/);
});

test('before-webhooks count their verdicts and leave the page with their endpoint', async () => {
  const metrics = metricsOver();
  metrics.beforeAnswered(MAIN, 'allowed', 0.004);
  metrics.beforeAnswered(MAIN, 'allowed', 0.006);
  metrics.beforeAnswered(MAIN, 'timeout_headers', 2);
  metrics.beforeBreaker(MAIN, 'open');
  const labels = 'app="1",endpoint="main"';
  assert.deepEqual(await samples(metrics, 'confab_before_webhook_verdicts_total'), [
    `confab_before_webhook_verdicts_total{${labels},verdict="allowed"} 2`,
    `confab_before_webhook_verdicts_total{${labels},verdict="timeout_headers"} 1`,
  ]);
  assert.deepEqual(await samples(metrics, 'confab_before_webhook_duration_seconds_count'), [
    `confab_before_webhook_duration_seconds_count{${labels}} 3`,
  ]);
  assert.deepEqual(await samples(metrics, 'confab_before_webhook_breaker_state'), [
    `confab_before_webhook_breaker_state{${labels}} 2`,
  ]);
  metrics.forgetBefore(MAIN);
  metrics.forgetBefore({ app: 9, endpoint: 'never' });
  assert.doesNotMatch(await metrics.render(), /endpoint="main"/);
});

test('the page does not grow with names from outside', async () => {
  const metrics = metricsOver();
  for (let n = 0; n < 2_000; n++) {
    metrics.requestDone(`command-${n}`, 0, 0.001);
    metrics.requestDone('one', n, 0.001);
    metrics.breaker({ app: n, endpoint: 'x' }, 'open');
    metrics.beforeBreaker({ app: n, endpoint: 'x' }, 'open');
    metrics.attemptDone(MAIN, `verdict-${n}`, 0.001);
  }
  assert.ok((await samples(metrics, 'confab_http_requests_total')).length <= 300 + 1 + 100 + 1);
  assert.equal((await samples(metrics, 'confab_webhook_breaker_state')).length, 1_000);
  assert.equal((await samples(metrics, 'confab_before_webhook_breaker_state')).length, 1_001);
  assert.ok((await samples(metrics, 'confab_webhook_attempts_total')).length <= 65);
});

test('says which version and how the process does', async () => {
  const metrics = metricsOver();
  assert.match((await samples(metrics, 'confab_build_info'))[0] ?? '', /version="0\.1\.0"/);
  const twice = [
    await samples(metrics, 'process_cpu_seconds_total'),
    await samples(metrics, 'process_cpu_seconds_total'),
  ];
  for (const [line = ''] of twice) assert.match(line, /^process_cpu_seconds_total \d/);
  assert.match((await samples(metrics, 'process_resident_memory_bytes'))[0] ?? '', / \d{7,}$/);
  const [utilization = ''] = await samples(metrics, 'confab_event_loop_utilization');
  const share = Number(utilization.split(' ')[1]);
  assert.ok(share >= 0 && share <= 1, utilization);
});
