import { makeUserSig } from '@confab-im/protocol';
import { pino } from 'pino';
import { createMetrics, type Metrics } from '../../src/base/metrics.ts';
import type { MessageRetention } from '../../src/domain/retention.ts';
import { DEFAULT_RULES, type Rules } from '../../src/domain/rules.ts';
import { parseEndpoint } from '../../src/domain/settings/parse-endpoint.ts';
import type { RestApp } from '../../src/rest/auth.ts';
import { restHandlers } from '../../src/rest/routes.ts';
import { createRestServer } from '../../src/rest/server.ts';
import { openMemoryStore } from '../../src/store/sqlite/open.ts';
import type { Store } from '../../src/store/store.ts';
import { BeforeWebhooks } from '../../src/webhook/before.ts';
import { reportBefore } from '../../src/webhook/before-report.ts';
import { ManualClock } from './manual-clock.ts';

export const APP: RestApp = {
  sdkAppId: 1400000001,
  secretKeys: ['not-a-real-key'],
  admins: ['administrator', 'root'],
};
export const OTHER_APP: RestApp = {
  sdkAppId: 1400000002,
  secretKeys: ['another-key'],
  admins: ['administrator'],
};

export interface Answer {
  readonly ActionStatus: string;
  readonly ErrorCode: number;
  readonly ErrorInfo: string;
  readonly [field: string]: unknown;
}

export interface Harness extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly port: number;
  readonly beforeWebhook: BeforeWebhooks;
  readonly metrics: Metrics;
  /** Everything that was logged, one JSON text per line. */
  readonly logged: readonly string[];
  /** Calls as an admin; `command` without a service means the group service. */
  call(command: string, body: unknown, app?: RestApp): Promise<Answer>;
  /** POSTs as it is told; the query defaults to a valid one. */
  post(path: string, body: string | Uint8Array, query?: Record<string, string>): Promise<Answer>;
  /** A valid query of an admin, to be changed. */
  query(app?: RestApp, identifier?: string): Promise<Record<string, string>>;
  /** Creates or changes an endpoint, as one writes it. */
  putEndpoint(written: object, app?: RestApp): Promise<void>;
}

export interface HarnessOptions {
  readonly rules?: Partial<Rules>;
  readonly requestsPerSecond?: number;
  readonly retention?: MessageRetention;
  readonly bodyBytes?: number;
  /** Names of endpoints in the order of the configuration file. */
  readonly fileOrder?: readonly string[];
  readonly logLevel?: 'info' | 'warn';
  /** Instead of one of its own; it has the rules of whoever opened it. */
  readonly store?: Store;
}

/** The REST surface over real HTTP and an in-memory store, with two apps. */
export async function startRest(options: HarnessOptions = {}): Promise<Harness> {
  const clock = new ManualClock();
  const rules = { ...DEFAULT_RULES, ...options.rules };
  const store = options.store ?? openMemoryStore({ rules });
  const logged: string[] = [];
  const logger = pino(
    { level: options.logLevel ?? 'info' },
    { write: (line: string) => void logged.push(line) },
  );
  let serial = 0;
  const ids = {
    requestId: () => `r${++serial}`,
    groupIdSeed: () => `SEED${String(++serial).padStart(8, '0')}`,
  };
  const metrics = createMetrics({
    version: '0.1.0',
    storeStats: async () => ({ ...(await store.stats()), lag: [] }),
  });
  const beforeWebhook = new BeforeWebhooks({
    store,
    clock,
    rules,
    observer: reportBefore(logger, metrics),
    fileOrder: new Map([[APP.sdkAppId, options.fileOrder ?? []]]),
  });
  const server = createRestServer({
    handlers: restHandlers({
      store,
      beforeWebhook,
      retention: options.retention ?? { messagesMs: 0 },
      clock,
      ids,
      logger,
      apps: [APP, OTHER_APP],
      requestsPerSecond: options.requestsPerSecond ?? 0,
    }),
    config: {
      listen: { host: '127.0.0.1', port: 0 },
      trustedProxies: ['127.0.0.1'],
      bodyBytes: options.bodyBytes ?? 262_144,
    },
    logger,
    clock,
    ids,
  });
  const port = await server.start();
  const sigs = new Map<string, Promise<string>>();

  async function query(app = APP, identifier = 'administrator'): Promise<Record<string, string>> {
    const key = `${app.sdkAppId}/${identifier}`;
    const now = Math.floor(clock.now() / 1000);
    const usersig =
      sigs.get(key) ??
      makeUserSig({
        sdkAppId: app.sdkAppId,
        userId: identifier,
        key: app.secretKeys[0] ?? '',
        now,
        expireSeconds: 86_400,
      });
    sigs.set(key, usersig);
    return {
      sdkappid: String(app.sdkAppId),
      identifier,
      usersig: await usersig,
      random: '1',
      contenttype: 'json',
    };
  }

  async function post(
    path: string,
    body: string | Uint8Array,
    given?: Record<string, string>,
  ): Promise<Answer> {
    const search = new URLSearchParams(given ?? (await query()));
    const bytes = typeof body === 'string' ? body : new Uint8Array(body);
    const response = await fetch(`http://127.0.0.1:${port}${path}?${search}`, {
      method: 'POST',
      body: bytes,
    });
    const answer = (await response.json()) as Answer;
    if (response.status !== 200 || response.headers.get('content-type') !== 'application/json') {
      throw new Error(`HTTP ${response.status}: not an answer of the REST API`);
    }
    return answer;
  }

  async function putEndpoint(written: object, app = APP): Promise<void> {
    const read = parseEndpoint(written);
    if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('; '));
    const put = { app: app.sdkAppId, now: clock.now(), settings: read.value, source: 'api' } as const;
    await store.commit({ type: 'putEndpoint', ...put });
    await beforeWebhook.reload();
  }

  return {
    clock,
    store,
    beforeWebhook,
    metrics,
    putEndpoint,
    port,
    logged,
    query,
    post,
    call: async (command, body, app = APP) => {
      const path = command.includes('/') ? command : `group_open_http_svc/${command}`;
      return post(`/v4/${path}`, JSON.stringify(body), await query(app));
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([server.abort(), beforeWebhook.close()]);
      await store.close();
    },
  };
}
