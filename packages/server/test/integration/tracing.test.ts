import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeUserSig } from '@confab-im/protocol';
import { loadConfig, type RunningServer, startServer } from '@confab-im/server';
import { type Receiver, type Reply, startReceiver } from '../support/scripted-receiver.ts';

const APP = 1_400_000_001;
const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';
const TOKEN = 'owner-token-0123456789';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const PARENT = `00-${TRACE}-${SPAN}-01`;

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

class Scene {
  readonly backend: Receiver;
  readonly collector: Receiver;
  readonly #folder = mkdtempSync(join(tmpdir(), 'confab-tracing-'));
  #server: RunningServer | undefined;

  constructor(t: TestContext, backend: Receiver, collector: Receiver) {
    this.backend = backend;
    this.collector = collector;
    t.after(async () => {
      await this.#server?.abort();
      await Promise.all([backend.close(), collector.close()]);
      rmSync(this.#folder, { recursive: true });
    });
  }

  /** A server over the same file; `tracing` as one writes it, and `settings` of its endpoint beside the usual ones. */
  async start(tracing?: object, settings: object = {}): Promise<void> {
    const endpoint = {
      ...{
        name: 'mine',
        url: `${this.backend.url}/hook`,
        events: 'Group.CallbackAfterSendMsg',
        allowPrivateNetwork: true,
      },
      retry: { baseDelayMs: 1, maxDelayMs: 1 },
      ...settings,
    };
    const text = JSON.stringify({
      listen: '127.0.0.1:0',
      store: `sqlite:${join(this.#folder, 'confab.db')}`,
      admin: { tokens: [{ name: 'ops', token: TOKEN, role: 'owner' }] },
      log: { level: 'silent' },
      ...(tracing === undefined ? {} : { tracing }),
      apps: [{ sdkAppId: APP, secretKeys: [KEY], admins: ['administrator'], endpoints: [endpoint] }],
    });
    this.#server = await startServer({ config: loadConfig({ text, env: {} }) });
  }

  /** Also hands out what spans there are. */
  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  async rest(command: string, body: object, headers: Record<string, string> = {}, code = 0): Promise<void> {
    const now = Math.floor(Date.now() / 1000);
    const usersig = await makeUserSig({
      ...{ sdkAppId: APP, userId: 'administrator', key: KEY, now, expireSeconds: 600 },
    });
    const query = `sdkappid=${APP}&identifier=administrator&usersig=${usersig}&random=1&contenttype=json`;
    const url = `${this.#server?.url}/v4/group_open_http_svc/${command}?${query}`;
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    const answer = await response.json();
    assert.ok(JSON.stringify(answer).includes(`"ErrorCode":${code}`), JSON.stringify(answer));
  }

  group(): Promise<void> {
    return this.rest('create_group', { Type: 'Public', Name: 'g', GroupId: 'g1' });
  }

  send(random: number, headers: Record<string, string> = {}, code = 0): Promise<void> {
    const element = { MsgType: 'TIMTextElem', MsgContent: { Text: 'hello' } };
    return this.rest('send_group_msg', { GroupId: 'g1', Random: random, MsgBody: [element] }, headers, code);
  }

  async replay(): Promise<void> {
    const response = await fetch(`${this.#server?.url}/admin/v1/apps/${APP}/replay`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      body: '{"endpoint":"mine","groupId":"g1","fromMsgSeq":1}',
    });
    assert.equal(response.status, 202);
  }

  /** The `traceparent` of so many webhooks. */
  async carried(count: number): Promise<(string | undefined)[]> {
    const requests = await this.backend.waitFor(count);
    return requests.map(({ headers }) => {
      const { traceparent } = headers;
      return typeof traceparent === 'string' ? traceparent : undefined;
    });
  }

  /** Every span that the collector was given. */
  spans(): OtlpSpan[] {
    return this.collector.requests.flatMap(({ body }) =>
      JSON.parse(body).resourceSpans.flatMap((resource: { scopeSpans: { spans: OtlpSpan[] }[] }) =>
        resource.scopeSpans.flatMap(({ spans }) => spans),
      ),
    );
  }
}

async function scene(t: TestContext, script?: () => Reply): Promise<Scene> {
  const made = new Scene(t, await startReceiver(script), await startReceiver(() => ({ body: '{}' })));
  return made;
}

function attribute(span: OtlpSpan, key: string): unknown {
  const value = span.attributes.find((one) => one.key === key)?.value ?? {};
  return Object.values(value)[0];
}

test('one trace from the caller to the receiver: each attempt is a span of its own, also after a restart', async (t) => {
  let answered = 0;
  const s = await scene(t, () => ({ status: answered++ === 0 ? 500 : 200 }));
  await s.start({ endpoint: s.collector.url });
  await s.group();
  await s.send(1, { traceparent: PARENT });
  await s.carried(2);
  await s.stop();
  await s.start({ endpoint: `${s.collector.url}/v1/traces` });
  await s.replay();
  const carried = await s.carried(3);
  await s.stop();

  assert.equal(new Set(carried).size, 3);
  for (const header of carried) assert.match(header ?? '', new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  assert.ok(s.collector.requests.every(({ url, method }) => url === '/v1/traces' && method === 'POST'));
  assert.match(s.collector.requests[0]?.body ?? '', /"service\.name","value":\{"stringValue":"confab"\}/);

  const spans = s.spans().filter(({ traceId }) => traceId === TRACE);
  const [sent = assert.fail('no span of the REST call')] = spans.filter(
    ({ name }) => name === 'send_group_msg',
  );
  assert.deepEqual([sent.parentSpanId, sent.kind], [SPAN, 2]);
  assert.equal(attribute(sent, 'confab.code'), 0);
  const attempts = spans.filter(({ name }) => name === 'webhook mine');
  assert.deepEqual(
    attempts.map(({ parentSpanId, kind }) => [parentSpanId, kind]),
    Array.from({ length: 3 }, () => [sent.spanId, 3]),
  );
  assert.deepEqual(
    attempts.map(({ spanId }) => spanId),
    carried.map((header) => header?.split('-')[2]),
    'what the receiver gets is the span of that very attempt',
  );
  assert.deepEqual(
    attempts.map((span) =>
      ['confab.attempt', 'confab.verdict', 'confab.replay'].map((key) => attribute(span, key)),
    ),
    [
      [1, 'http_status', false],
      [2, 'delivered', false],
      [1, 'delivered', true],
    ],
  );
  assert.deepEqual(
    attempts.map(({ status }) => status.code === 2),
    [true, false, false],
  );
  for (const { startTimeUnixNano, endTimeUnixNano } of spans) {
    assert.ok(BigInt(startTimeUnixNano) <= BigInt(endTimeUnixNano));
    assert.ok(Math.abs(Number(BigInt(startTimeUnixNano) / 1_000_000n) - Date.now()) < 60_000);
  }
});

test('each question before a message is sent is a span of the send, and carries it on; without tracing it carries nothing', async (t) => {
  const answers = ['{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":1}', 'no JSON'];
  const s = await scene(t, () => ({ body: answers.shift() ?? '{}' }));
  const settings = { name: 'mod', events: ['Group.CallbackBeforeSendMsg'] };
  await s.start({ endpoint: s.collector.url }, settings);
  await s.group();
  await s.send(1, { traceparent: PARENT }, 10016);
  await s.send(2, { traceparent: PARENT });
  await s.stop();
  const spans = s.spans().filter(({ traceId }) => traceId === TRACE);
  const sends = spans.filter(({ name }) => name === 'send_group_msg');
  const questions = spans.filter(({ name }) => name === 'before-webhook mod');
  assert.deepEqual(
    questions.map(({ parentSpanId, kind }) => [parentSpanId, kind]),
    sends.map(({ spanId }) => [spanId, 3]),
  );
  assert.deepEqual(
    questions.map((span) => [attribute(span, 'confab.verdict'), span.status.code === 2]),
    [
      ['refused', false],
      ['malformed_answer', true],
    ],
  );
  assert.deepEqual(
    await s.carried(2),
    questions.map(({ spanId }) => `00-${TRACE}-${spanId}-01`),
    'what is asked carries the span of that very question',
  );

  await s.start(undefined, settings);
  await s.send(3, { traceparent: PARENT });
  assert.equal((await s.carried(3)).at(-1), undefined);
  await s.stop();
});

test('a traceparent that is malformed begins a new trace; one that is not sampled is passed on and not exported', async (t) => {
  const s = await scene(t);
  await s.start({ endpoint: s.collector.url });
  await s.group();
  await s.send(1, { traceparent: `00-${TRACE}-${SPAN}-zz` });
  await s.send(2, { traceparent: `00-${TRACE}-${SPAN}-00` });
  const [fresh, unsampled] = await s.carried(2);
  await s.stop();
  assert.match(fresh ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  assert.ok(!fresh?.includes(TRACE));
  assert.match(unsampled ?? '', new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  const traces = s.spans().map(({ traceId }) => traceId);
  assert.ok(traces.includes(fresh?.split('-')[1] ?? ''));
  assert.ok(!traces.includes(TRACE));
});

test('with a ratio of 0 nothing is exported but what callers sample, and the ids travel all the same', async (t) => {
  const s = await scene(t);
  await s.start({ endpoint: s.collector.url, sampleRatio: 0 });
  await s.group();
  await s.send(1);
  await s.send(2, { traceparent: PARENT });
  const [own] = await s.carried(2);
  await s.stop();
  assert.match(own ?? '', /-00$/);
  assert.deepEqual([...new Set(s.spans().map(({ traceId }) => traceId))], [TRACE]);
});

test('without tracing nothing is added to a webhook, and the trace is not kept for later', async (t) => {
  const s = await scene(t);
  await s.start();
  await s.group();
  await s.send(1, { traceparent: PARENT });
  assert.deepEqual(await s.carried(1), [undefined]);
  await s.stop();
  await s.start({ endpoint: s.collector.url });
  await s.replay();
  const [, replayed] = await s.carried(2);
  await s.stop();
  assert.match(replayed ?? '', /^00-/);
  assert.ok(!replayed?.includes(TRACE));
});

test('a collector that asks who calls gets the headers of the configuration, which no line and no span shows', async (t) => {
  const s = await scene(t);
  process.env.OTEL_EXPORTER_OTLP_HEADERS = 'x-env=yes,x-scope=other';
  t.after(() => {
    delete process.env.OTEL_EXPORTER_OTLP_HEADERS;
  });
  await s.start({
    endpoint: s.collector.url,
    headers: { Authorization: 'Bearer hunter2', 'X-Scope': 'chat' },
  });
  await s.group();
  await s.stop();
  const [request = assert.fail('no spans came')] = s.collector.requests;
  assert.deepEqual(
    ['authorization', 'x-scope', 'x-env'].map((name) => request.headers[name]),
    ['Bearer hunter2', 'chat', 'yes'],
  );
  assert.ok(!request.body.includes('hunter2'));
  await assert.rejects(
    s.start({ endpoint: s.collector.url, headers: { Authorization: 'a\r\nb: hunter2' } }),
    (error: Error) => /tracing\.headers cannot be sent/.test(error.message) && !/hunter2/.test(error.message),
  );
  await assert.rejects(
    s.start({ endpoint: s.collector.url, headers: { Authorization: '********' } }),
    /tracing\.headers\.Authorization is the mask/,
  );
});

test('a collector that refuses, or is not there, holds up neither messages nor the end', async (t) => {
  const s = await scene(t);
  s.collector.reply(() => ({ status: 400, body: 'no' }));
  await s.start({ endpoint: s.collector.url });
  await s.group();
  await s.send(1);
  await s.carried(1);
  await s.stop();
  assert.ok(s.collector.requests.length > 0);
  await s.start({ endpoint: 'http://127.0.0.1:9' });
  await s.send(2);
  await s.carried(2);
  await s.stop();
});
