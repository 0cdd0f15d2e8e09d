import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEndpoint } from '../../src/domain/settings/parse-endpoint.ts';
import { APP, OTHER_APP, sendTo, startAdminApi, TOKENS } from '../support/admin-api.ts';
import { selfSigned } from '../support/self-signed.ts';

const MAIN = {
  name: 'main',
  url: 'https://app.example.com/hook?key=hunter2',
  events: ['Group.CallbackAfterSendMsg'],
  authToken: 'hunter2',
  headers: { authorization: 'Bearer hunter2' },
};
const ENDPOINTS = `apps/${APP}/endpoints`;

/** As the configuration file would give it. */
function fileEndpoint(name: string) {
  const read = parseEndpoint({ name, url: 'https://file.example.com/', events: 'all' });
  assert.ok(read.ok);
  return read.value;
}

test('an endpoint is made, shown, changed and deleted; its secrets never leave', async () => {
  await using api = await startAdminApi();
  const made = await api.call(`POST ${ENDPOINTS}`, MAIN);
  assert.equal(made.status, 201);
  assert.equal(made.body.endpoint.source, 'api');
  assert.equal(made.body.endpoint.settings.authToken, '********');
  assert.deepEqual(made.body.endpoint.settings.headers, { authorization: '********' });
  assert.equal(made.headers.get('cache-control'), 'no-store');

  const list = await api.call(`GET ${ENDPOINTS}`);
  assert.deepEqual(list.body.endpoints, [made.body.endpoint]);

  const settings = { ...made.body.endpoint.settings, timeoutMs: 999 };
  const changed = await api.call(`PUT ${ENDPOINTS}/main`, settings);
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  assert.equal(changed.body.endpoint.settings.timeoutMs, 999);
  const [stored] = await api.store.endpoints();
  assert.equal(stored?.settings.authToken, 'hunter2', 'the mask keeps what is stored');
  assert.deepEqual(stored?.settings.headers, { authorization: 'Bearer hunter2' });

  assert.deepEqual((await api.call(`DELETE ${ENDPOINTS}/main`)).body, { lanes: 0, jobId: 0 });
  assert.equal((await api.call(`GET ${ENDPOINTS}/main`)).status, 404);
  assert.equal(api.changes, 3, 'the dispatcher was told each time');

  const audit = await api.call('GET audit');
  assert.deepEqual(
    audit.body.audit.map((row: Record<string, unknown>) => [
      row.actor,
      row.role,
      row.action,
      row.target,
      row.detail,
    ]),
    [
      ['olga', 'owner', 'endpoint.delete', `${APP}/main`, ''],
      ['olga', 'owner', 'endpoint.change', `${APP}/main`, 'changed timeoutMs'],
      ['olga', 'owner', 'endpoint.create', `${APP}/main`, 'url https://app.example.com/hook'],
    ],
  );
  assert.doesNotMatch(JSON.stringify([audit.body, api.logged]), /hunter2/);
});

test('a PUT names the endpoint in its path, and replaces it whole', async () => {
  await using api = await startAdminApi();
  await api.call(`POST ${ENDPOINTS}`, { ...MAIN, concurrency: 8 });
  const { name: _, ...nameless } = MAIN;
  const replaced = await api.call(`PUT ${ENDPOINTS}/main`, nameless);
  assert.equal(replaced.body.endpoint.settings.concurrency, 64);
  const renamed = await api.call(`PUT ${ENDPOINTS}/main`, { ...MAIN, name: 'other' });
  assert.equal(renamed.status, 400);
  assert.match(renamed.body.error.message, /cannot change its name/);
});

test('bad endpoints are refused with all their problems, and nothing changes', async () => {
  await using api = await startAdminApi();
  const refused = await api.call(`POST ${ENDPOINTS}`, { ...MAIN, url: 'ftp://x', evnts: 1, signingKeys: [] });
  assert.equal(refused.status, 400);
  assert.equal(refused.body.error.code, 'invalid');
  assert.match(refused.body.error.message, /url must be an http or https URL/);
  assert.match(refused.body.error.message, /did you mean "events"\?/);
  assert.match(refused.body.error.message, /signingKeys must be a list of 1 to 8 keys/);
  const masked = await api.call(`POST ${ENDPOINTS}`, { ...MAIN, authToken: '********' });
  assert.match(masked.body.error.message, /authToken is the mask/);
  for (const body of ['', '{', '[]', 'null', '"x"']) {
    assert.equal((await api.call(`POST ${ENDPOINTS}`, body)).status, 400, body);
  }
  assert.deepEqual(await api.store.endpoints(), []);
  assert.equal(api.changes, 0);
  assert.deepEqual((await api.call('GET audit')).body.audit, [], 'what never began is no act');
});

test('a start in the future is refused, and a start is not changed', async () => {
  await using api = await startAdminApi();
  const soon = await api.call(`POST ${ENDPOINTS}`, { ...MAIN, start: api.clock.now() + 1 });
  assert.equal(soon.status, 400);
  assert.match(soon.body.error.message, /start is in the future \(\d{4}-/);
  const start = new Date(api.clock.now()).toISOString();
  assert.equal((await api.call(`POST ${ENDPOINTS}`, { ...MAIN, start })).status, 201);
  for (const [written, status] of [
    [{}, 200],
    [{ start }, 200],
    [{ start: 'beginning' }, 400],
    [{ start: 'now' }, 400],
  ] as const) {
    const answer = await api.call(`PUT ${ENDPOINTS}/main`, { ...MAIN, ...written });
    assert.equal(answer.status, status, JSON.stringify(written));
    if (status === 400) assert.match(answer.body.error.message, /cannot change its start: .* replay it\.$/);
  }
  assert.equal((await api.call(`GET ${ENDPOINTS}/main`)).body.endpoint.settings.start, start);
});

test('a stored secret does not follow its endpoint to another origin', async () => {
  await using api = await startAdminApi();
  const made = await api.call(`POST ${ENDPOINTS}`, MAIN);
  const shown = made.body.endpoint.settings;
  const moved = await api.call(`PUT ${ENDPOINTS}/main`, { ...shown, url: 'https://evil.example/' });
  assert.equal(moved.status, 400);
  assert.match(
    moved.body.error.message,
    /authToken is the mask .* only while url leads to https:\/\/app\.example\.com;/,
  );
  assert.match(moved.body.error.message, /headers\.authorization is the mask/);
  assert.equal((await api.store.endpoints())[0]?.settings.url, MAIN.url);
  const path = await api.call(`PUT ${ENDPOINTS}/main`, { ...shown, url: 'https://app.example.com/v2' });
  assert.equal(path.status, 200);
  assert.equal((await api.store.endpoints())[0]?.settings.authToken, 'hunter2');
});

test('a name stands once in an app; another app may have it too', async () => {
  await using api = await startAdminApi();
  await api.call(`POST ${ENDPOINTS}`, MAIN);
  const again = await api.call(`POST ${ENDPOINTS}`, MAIN);
  assert.equal(again.status, 409);
  assert.match(again.body.error.message, /already/);
  assert.equal((await api.call(`POST apps/${OTHER_APP}/endpoints`, MAIN)).status, 201);
  assert.equal((await api.call(`GET ${ENDPOINTS}`)).body.endpoints.length, 1);
  assert.equal((await api.call('GET apps/7/endpoints')).status, 404);
  assert.equal((await api.call(`PUT ${ENDPOINTS}/nobody`, MAIN)).status, 404);
});

test('endpoints of the file are read-only, but can be paused', async () => {
  await using api = await startAdminApi();
  const sync = { type: 'syncEndpoints', now: api.clock.now(), app: APP } as const;
  await api.store.commit({ ...sync, endpoints: [fileEndpoint('file')] });
  for (const what of [`PUT ${ENDPOINTS}/file`, `DELETE ${ENDPOINTS}/file`]) {
    const refused = await api.call(what, what.startsWith('PUT') ? { ...MAIN, name: 'file' } : undefined);
    assert.equal(refused.status, 409);
    assert.match(refused.body.error.message, /comes from the configuration file, so it is read-only here/);
  }
  const paused = await api.call(`POST ${ENDPOINTS}/file/pause`, undefined, TOKENS.operator);
  assert.equal(paused.body.endpoint.paused, true);
  assert.equal(paused.body.endpoint.pauseReason, 'operator');
  const resumed = await api.call(`POST ${ENDPOINTS}/file/resume`, undefined, TOKENS.operator);
  assert.equal(resumed.body.endpoint.paused, false);

  await api.store.commit({ ...sync, endpoints: [] });
  const vanished = await api.call(`POST ${ENDPOINTS}/file/resume`);
  assert.equal(vanished.status, 409);
  assert.match(
    vanished.body.error.message,
    /vanished from the configuration file; put it back there, or delete it\.$/,
  );
  const kept = await api.call(`PUT ${ENDPOINTS}/file`, { ...MAIN, name: 'file' });
  assert.match(kept.body.error.message, /put it back there, or delete it\.$/);
  assert.equal((await api.call(`DELETE ${ENDPOINTS}/file`)).status, 200);
  assert.deepEqual(await api.store.endpoints(), []);
});

test('an endpoint with a backlog is deleted only by force, and the refusal is on record', async () => {
  await using api = await startAdminApi();
  await api.call(`POST ${ENDPOINTS}`, MAIN);
  await sendTo(api, 'g1', ['one', 'two']);
  const refused = await api.call(`DELETE ${ENDPOINTS}/main`);
  assert.equal(refused.status, 409);
  assert.match(refused.body.error.message, /undelivered events in one group; delete it with force/);
  const [line] = (await api.call('GET audit?limit=1')).body.audit;
  assert.equal(line.action, 'endpoint.delete');
  assert.match(line.detail, /^refused: .*undelivered events/);
  const forced = await api.call(`DELETE ${ENDPOINTS}/main?force=true`);
  assert.equal(forced.status, 200);
  assert.deepEqual(forced.body, { lanes: 1, jobId: 1 });
});

test('an endpoint shows how it is delivered to at the moment; one that is not has nothing to show', async () => {
  const slowed = { breaker: 'closed', inFlight: 1, allowed: 2, heldForMs: 29_000 } as const;
  await using api = await startAdminApi(undefined, [], new Map([[1, slowed]]));
  for (const name of ['main', 'other']) await api.call(`POST ${ENDPOINTS}`, { ...MAIN, name });
  const list = await api.call(`GET ${ENDPOINTS}`);
  assert.deepEqual(
    list.body.endpoints.map(({ name, delivery }: Record<string, unknown>) => [name, delivery]),
    [
      ['main', slowed],
      ['other', undefined],
    ],
  );
  assert.deepEqual((await api.call(`GET ${ENDPOINTS}/main`)).body.endpoint.delivery, slowed);
});

test('a client certificate is given as text; its key is never shown, and fits after every change', async () => {
  await using api = await startAdminApi();
  const tls = { ...selfSigned({ name: 'confab' }), servername: 'hooks.example.com' };
  const made = await api.call(`POST ${ENDPOINTS}`, { ...MAIN, tls });
  assert.deepEqual(made.body.endpoint.settings.tls, { ...tls, key: '********' });
  const shown = made.body.endpoint.settings;
  const kept = await api.call(`PUT ${ENDPOINTS}/main`, { ...shown, concurrency: 2 });
  assert.equal(kept.status, 200, JSON.stringify(kept.body));
  assert.deepEqual((await api.store.endpoints())[0]?.settings.tls, tls);

  const other = selfSigned({ name: 'confab' });
  const refusals = [
    [{ ...shown, tls: { ...shown.tls, cert: other.cert } }, /tls\.key does not belong to cert/],
    [
      { ...shown, tls: { ...tls, cert: '/etc/ssl/cert.pem' } },
      /tls\.cert must be PEM text .* only the config/,
    ],
    [{ ...shown, tls: { ...tls, key: other.key } }, /tls\.key does not belong to cert/],
    [{ ...shown, url: 'http://127.0.0.1/' }, /tls is for https/],
  ] as const;
  for (const [body, said] of refusals) {
    const refused = await api.call(`PUT ${ENDPOINTS}/main`, body);
    assert.equal(refused.status, 400);
    assert.match(refused.body.error.message, said);
  }
  const masked = await api.call(`POST ${ENDPOINTS}`, {
    ...MAIN,
    name: 'b',
    tls: { ...tls, key: '********' },
  });
  assert.match(masked.body.error.message, /tls\.key is the mask/);
  const replaced = await api.call(`PUT ${ENDPOINTS}/main`, { ...shown, tls: other });
  assert.equal(replaced.status, 200);
  const line = (await api.call('GET audit?limit=1')).body.audit[0];
  assert.match(line.detail, /^changed concurrency,.* tls$/);
  const keys = [tls.key, other.key].map((key) => key.split('\n')[1] ?? '');
  const said = JSON.stringify([made.body, kept.body, replaced.body, line, api.logged]);
  for (const key of keys) assert.ok(key.length > 40 && !said.includes(key));
});
