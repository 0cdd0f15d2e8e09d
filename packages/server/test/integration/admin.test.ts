import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADMIN_ROUTES } from '../../src/rest/admin/routes.ts';
import {
  type AdminApi,
  APP,
  giveUp,
  OTHER_APP,
  sendTo,
  startAdminApi,
  TOKENS,
} from '../support/admin-api.ts';

const MAIN = { name: 'main', url: 'https://app.example.com/hook', events: 'Group.CallbackAfterSendMsg' };

async function withEndpoint(api: AdminApi): Promise<void> {
  assert.equal((await api.call(`POST apps/${APP}/endpoints`, MAIN)).status, 201);
}

test('every call wants a token', async () => {
  await using api = await startAdminApi();
  for (const token of ['', 'wrong-token-0123456789', TOKENS.owner.slice(0, -1)]) {
    const { status, headers, body } = await api.call('GET status', undefined, token);
    assert.equal(status, 401);
    assert.match(headers.get('www-authenticate') ?? '', /^Bearer/);
    assert.equal(body.error.code, 'unauthorized');
    assert.match(
      body.error.message,
      token === '' ? /^Send "Authorization: Bearer/ : /^The token that was sent is none/,
    );
  }
  assert.equal((await api.call('GET no/such/call', undefined, '')).status, 401, 'strangers learn no paths');
  assert.doesNotMatch(api.logged.join(), /token-0123456789/);
});

test('without a configured token nobody is let in', async () => {
  await using api = await startAdminApi([]);
  const { status, body } = await api.call('GET status');
  assert.equal(status, 401);
  assert.match(body.error.message, /No admin token is configured/);
});

test('each call is open to its role and those above, and to no other', async () => {
  await using api = await startAdminApi();
  const ranks = ['owner', 'operator', 'read-only'] as const;
  for (const { method, path, role } of ADMIN_ROUTES) {
    const call = `${method} ${path.replace('{app}', '1').replace('{name}', 'x').replace('{id}', '1')}`;
    for (const caller of ranks) {
      const { status } = await api.call(call, method === 'GET' ? undefined : {}, TOKENS[caller]);
      assert.equal(
        status === 403,
        ranks.indexOf(caller) > ranks.indexOf(role),
        `${call} as ${caller}: ${status}`,
      );
    }
  }
});

test('unknown calls, methods and parameters are told what there is', async () => {
  await using api = await startAdminApi();
  assert.equal((await api.call('GET nothing')).body.error.code, 'not-found');
  const method = await api.call('PATCH status');
  assert.equal(method.status, 405);
  assert.equal(method.headers.get('allow'), 'GET');
  assert.match((await api.call('GET lanes?endpiont=main')).body.error.message, /"endpiont" is unknown/);
  assert.match(
    (await api.call('GET dead-letters?limit=0')).body.error.message,
    /whole number from 1 to 1000/,
  );
  const large = await api.call(`POST apps/${APP}/replay`, 'x'.repeat(65_537));
  assert.equal(large.status, 413);
  assert.equal(large.body.error.code, 'too-large');
});

test('a store that is away is said in the form of every error', async () => {
  await using api = await startAdminApi();
  await api.store.close();
  const { status, headers, body } = await api.call('GET dead-letters');
  assert.deepEqual([status, body.error.code, headers.get('cache-control')], [503, 'unavailable', 'no-store']);
  assert.match(body.error.message, /store is closed/);
});

test('status and apps show no secret', async () => {
  await using api = await startAdminApi();
  api.clock.advance(90_000);
  await sendTo(api, 'g1', ['one']);
  const { body } = await api.call('GET status', undefined, TOKENS['read-only']);
  assert.equal(body.version, '0.1.0');
  assert.equal(body.uptimeSeconds, 90);
  assert.equal(body.store.groups, 1);
  const apps = await api.call('GET apps');
  assert.deepEqual(apps.body, { apps: [APP, OTHER_APP].map((sdkAppId) => ({ sdkAppId, admins: ['root'] })) });
});

test('a log line names the call and the actor', async () => {
  await using api = await startAdminApi();
  await api.call(`GET apps/${APP}/endpoints`, undefined, TOKENS['read-only']);
  const line = JSON.parse(api.logged.at(-1) ?? '{}');
  assert.equal(line.command, 'admin GET apps/{app}/endpoints');
  assert.equal(line.actor, 'rita');
});

test('lanes show what is behind, with filters', async () => {
  await using api = await startAdminApi();
  await withEndpoint(api);
  await sendTo(api, 'g1', ['one', 'two']);
  await sendTo(api, 'g2', ['three']);
  const { body } = await api.call(`GET lanes?app=${APP}&endpoint=main`);
  assert.deepEqual(body.lanes.map((lane: Record<string, unknown>) => [lane.groupId, lane.lag]).sort(), [
    ['g1', 2],
    ['g2', 1],
  ]);
  assert.equal((await api.call('GET lanes?groupId=g2')).body.lanes.length, 1);
  assert.deepEqual((await api.call(`GET lanes?app=${OTHER_APP}`)).body.lanes, []);
});

test('a dead letter is listed with its attempts and replayed once', async () => {
  await using api = await startAdminApi();
  await withEndpoint(api);
  await sendTo(api, 'g1', ['one', 'two']);
  await giveUp(api, 'main');
  const [letter] = (await api.call('GET dead-letters')).body.deadLetters;
  assert.equal(letter.groupId, 'g1');
  assert.equal(letter.msgSeq, 1);
  const { body } = await api.call(`GET attempts?app=${APP}&groupId=g1&logSeq=${letter.logSeq}`);
  assert.equal(body.attempts[0].verdict, 'http_status');
  assert.match((await api.call('GET attempts')).body.error.message, /"app" is missing/);
  const anywhere = await api.call(`GET attempts?app=${APP}&logSeq=${letter.logSeq}`);
  assert.match(anywhere.body.error.message, /"logSeq" counts in the log of one group: say which/);
  assert.deepEqual((await api.call(`GET deliveries?app=${APP}`)).body.deliveries, []);

  const replayed = await api.call(`POST dead-letters/${letter.id}/replay`, undefined, TOKENS.operator);
  assert.equal(replayed.status, 202);
  assert.deepEqual((await api.call('GET dead-letters')).body.deadLetters, []);
  assert.equal((await api.call('GET dead-letters?includeReplayed=true')).body.deadLetters.length, 1);
  assert.equal((await api.call(`POST dead-letters/${letter.id}/replay`)).status, 409);
  assert.equal((await api.call('POST dead-letters/999/replay')).status, 404);
  assert.equal((await api.call('POST dead-letters/first/replay')).status, 400);
});

test('dead letters are replayed and dismissed by the app, endpoint or group, and one by one', async () => {
  await using api = await startAdminApi();
  await withEndpoint(api);
  for (const group of ['g1', 'g2', 'g3']) await sendTo(api, group, ['one']);
  await giveUp(api, 'main');
  const count = async () => (await api.call('GET dead-letters')).body.deadLetters.length;
  const all = `apps/${APP}/dead-letters`;
  assert.match((await api.call(`POST ${all}/replay`, { group: 'g1' })).body.error.message, /group/);
  assert.equal((await api.call(`POST ${all}/replay`, {}, TOKENS['read-only'])).status, 403);
  const one = await api.call(`POST ${all}/replay`, { groupId: 'g1' }, TOKENS.operator);
  assert.deepEqual([one.status, one.body, await count()], [202, { closed: 1, left: 0 }, 2]);
  const [letter] = (await api.call('GET dead-letters')).body.deadLetters;
  const dismissed = await api.call(`POST dead-letters/${letter.id}/dismiss`, undefined, TOKENS.operator);
  assert.deepEqual([dismissed.status, dismissed.body], [200, { id: letter.id }]);
  assert.equal((await api.call(`POST dead-letters/${letter.id}/dismiss`)).status, 404);
  const rest = await api.call(`POST ${all}/dismiss`, { endpoint: 'main' });
  assert.deepEqual([rest.status, rest.body, await count()], [200, { closed: 1, left: 0 }, 0]);
  const audit = (await api.call('GET audit?limit=9')).body.audit.map((row: Record<string, unknown>) => [
    row.action,
    row.target,
  ]);
  assert.deepEqual(audit.slice(0, 2), [
    ['dead-letter.dismiss-all', `${APP}/main`],
    ['dead-letter.dismiss', String(letter.id)],
  ]);
  assert.ok(
    audit.some(([action, target]: string[]) => action === 'dead-letter.replay-all' && target === `${APP}/g1`),
  );
});

test('replays: a range of a group at once, a range over all groups as a job', async () => {
  await using api = await startAdminApi();
  await withEndpoint(api);
  await sendTo(api, 'g1', ['one', 'two']);
  await giveUp(api, 'main');
  const replay = `POST apps/${APP}/replay`;
  const range = await api.call(
    replay,
    { endpoint: 'main', groupId: 'g1', fromMsgSeq: 1, toMsgSeq: 1 },
    TOKENS.operator,
  );
  assert.deepEqual([range.status, range.body], [202, { jobId: 0 }]);
  const all = await api.call(replay, { endpoint: 'main', since: '2020-01-01T00:00:00Z' });
  assert.equal(all.status, 202);
  const [job] = (await api.call('GET jobs')).body.jobs;
  assert.equal(job.id, all.body.jobId);
  assert.equal(job.endpoint, 'main');

  assert.equal((await api.call(replay, { endpoint: 'nobody' })).status, 404);
  assert.equal((await api.call(replay, { endpoint: 'main', groupId: 'nowhere' })).status, 404);
  assert.equal((await api.call(replay, { endpoint: 'main', fromMsgSeq: 1 })).status, 400);
  const details = (await api.call('GET audit')).body.audit.map((row: { detail: string }) => row.detail);
  assert.ok(details.includes('groupId g1, fromMsgSeq 1, toMsgSeq 1'), details.join('; '));
});

test('the audit log is paged from the newest back', async () => {
  await using api = await startAdminApi();
  await withEndpoint(api);
  for (const act of ['pause', 'resume', 'pause']) await api.call(`POST apps/${APP}/endpoints/main/${act}`);
  const first = (await api.call('GET audit?limit=2')).body.audit;
  assert.deepEqual(
    first.map((row: { action: string }) => row.action),
    ['endpoint.pause', 'endpoint.resume'],
  );
  const rest = (await api.call(`GET audit?before=${first[1].id}`)).body.audit;
  assert.deepEqual(
    rest.map((row: { action: string }) => row.action),
    ['endpoint.pause', 'endpoint.create'],
  );
});

test('status tells how the endpoints do that are asked before sending', async () => {
  const asked = {
    app: APP,
    endpoint: 'mod',
    breaker: 'open',
    inFlight: 0,
    verdicts: { allowed: 3, timeout_headers: 20 },
  } as const;
  await using api = await startAdminApi(undefined, [asked]);
  const { body } = await api.call('GET status', undefined, TOKENS['read-only']);
  assert.deepEqual(body.beforeWebhooks, [asked]);
});
