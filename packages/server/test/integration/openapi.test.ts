import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { MSG_ELEMENTS } from '@confab-im/protocol';
import { pino } from 'pino';
import { COMMANDS } from '../../src/rest/commands.ts';
import type { Schema } from '../../src/rest/openapi/components.ts';
import { type OpenApi, openApiDocument } from '../../src/rest/openapi/document.ts';
import { openApiHandlers } from '../../src/rest/openapi/handlers.ts';
import { createRestServer, type RestServer } from '../../src/rest/server.ts';
import { ManualClock } from '../support/manual-clock.ts';

const ELEMENT = '#/components/schemas/MsgElement';

let server: RestServer;
let url: string;

before(async () => {
  server = createRestServer({
    handlers: openApiHandlers(COMMANDS, '1.2.3'),
    config: { listen: { host: '127.0.0.1', port: 0 }, trustedProxies: [], bodyBytes: 1_000 },
    logger: pino({ level: 'silent' }),
    clock: new ManualClock(),
    ids: { requestId: () => 'r', groupIdSeed: () => 'S' },
  });
  url = `http://127.0.0.1:${await server.start()}`;
});
after(() => server.abort());

const get = (path: string, init?: RequestInit) => fetch(`${url}${path}`, init);

/** Every value of an object with its path, however deep. */
function* walk(value: unknown, path = ''): Generator<readonly [path: string, value: unknown]> {
  yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) yield* walk(member, `${path}/${key}`);
}

test('the document has every command once, and nothing that leads nowhere', async () => {
  const response = await get('/openapi.json');
  assert.equal(response.headers.get('content-type'), 'application/json');
  const document = (await response.json()) as OpenApi;
  assert.equal(document.openapi, '3.1.0');
  assert.equal(document.info.version, '1.2.3');
  assert.deepEqual(
    Object.keys(document.paths),
    COMMANDS.map(({ service, name }) => `/v4/${service.name}/${name}`),
  );
  const operations = Object.values(document.paths).map(({ post }) => post);
  assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, COMMANDS.length);
  const tags = new Set(document.tags.map(({ name }) => name));
  assert.ok(operations.every((operation) => operation.tags.every((tag) => tags.has(tag))));
  const known = new Set([...walk(document)].map(([path]) => path));
  for (const [path, value] of walk(document)) {
    if (path.endsWith('/$ref')) assert.ok(known.has(String(value).slice(1)), `${path}: ${value}`);
  }
});

test('the schemas are those that requests are checked with, whole and in JSON', () => {
  const document = openApiDocument(COMMANDS, '1');
  for (const { service, name, schema } of COMMANDS) {
    const operation = document.paths[`/v4/${service.name}/${name}`]?.post;
    const shown = operation?.requestBody.content['application/json'].schema;
    const inJson = JSON.stringify(shown).replaceAll(JSON.stringify({ $ref: ELEMENT }), '{}');
    assert.deepEqual(JSON.parse(inJson), JSON.parse(JSON.stringify(schema)), name);
    assert.equal((shown as { type?: string }).type, 'object', name);
  }
});

test('every command says what it answers, which is not what it answers when it refuses', () => {
  const document = openApiDocument(COMMANDS, '1');
  const refused = document.components.schemas.Refused;
  assert.deepEqual(refused?.required, ['ActionStatus', 'ErrorInfo', 'ErrorCode']);
  for (const { service, name, answer } of COMMANDS) {
    const answers = document.paths[`/v4/${service.name}/${name}`]?.post.responses['200'];
    const [done, other] = answers?.content['application/json'].schema.oneOf ?? [];
    assert.deepEqual(other, { $ref: '#/components/schemas/Refused' }, name);
    assert.deepEqual(
      Object.keys(done?.properties ?? {}),
      ['ActionStatus', 'ErrorInfo', 'ErrorCode', ...Object.keys(answer.properties)],
      name,
    );
    assert.equal(done?.properties?.ActionStatus?.const, 'OK');
  }
});

test('elements of messages are told by their MsgType', () => {
  const { components, paths } = openApiDocument(COMMANDS, '1');
  const { MsgElement, TIMTextElem } = components.schemas;
  assert.deepEqual(
    MsgElement?.anyOf,
    Object.keys(MSG_ELEMENTS).map((type) => ({ $ref: `#/components/schemas/${type}` })),
  );
  assert.deepEqual(MsgElement?.discriminator, { propertyName: 'MsgType' });
  assert.equal(TIMTextElem?.properties?.MsgType?.const, 'TIMTextElem');
  const send = paths['/v4/group_open_http_svc/send_group_msg']?.post.requestBody.content['application/json'];
  assert.deepEqual(send?.schema.properties?.MsgBody?.items, { $ref: ELEMENT });
});

test('the page shows every command and field, and loads nothing but the style that stands in it', async () => {
  const response = await get('/docs');
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  const page = await response.text();
  for (const { service, name, schema, answer } of COMMANDS) {
    assert.ok(page.includes(`<code>/v4/${service.name}/${name}</code>`), name);
    const fields = [schema, answer].flatMap((part) => Object.keys((part as Schema).properties ?? {}));
    for (const field of fields) assert.ok(page.includes(`<code>${field}</code>`), `${name} ${field}`);
  }
  for (const type of Object.keys(MSG_ELEMENTS)) assert.ok(page.includes(`<details id="${type}">`), type);
  assert.doesNotMatch(page, /<script|<link|<img|<iframe|\son\w+=|src=|https?:|@import|url\(/i);
  const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(page) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.ok(policy.startsWith(`default-src 'none'; style-src 'sha256-${hash}'`), policy);
});

test('both are read with GET or HEAD, and are themselves only', async () => {
  for (const path of ['/openapi.json', '/docs']) {
    assert.equal((await get(path, { method: 'POST', body: '{}' })).status, 405);
    assert.equal((await get(`${path}/more`)).status, 404);
    const head = await get(path, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.ok(Number(head.headers.get('content-length')) > 1_000);
    assert.equal(await head.text(), '');
    assert.equal(head.headers.get('cache-control'), 'max-age=300');
  }
});
