import { createLogger } from '../../src/base/logger.ts';
import type { AdminToken } from '../../src/domain/admin-role.ts';
import type { BeforeState } from '../../src/domain/before-webhook.ts';
import { adminHandlers } from '../../src/rest/admin/handlers.ts';
import type { DeliveryState } from '../../src/rest/admin/route.ts';
import { createRestServer } from '../../src/rest/server.ts';
import { LagSurvey } from '../../src/service/lag.ts';
import { openMemoryStore } from '../../src/store/sqlite/open.ts';
import type { Store } from '../../src/store/store.ts';
import { ManualClock } from './manual-clock.ts';

export const APP = 1400000001;
export const OTHER_APP = 1400000002;

export const TOKENS = {
  owner: 'owner-token-0123456789',
  operator: 'operator-token-0123456789',
  'read-only': 'read-only-token-0123456789',
} as const;

const ADMIN_TOKENS: readonly AdminToken[] = [
  { name: 'olga', token: TOKENS.owner, role: 'owner' },
  { name: 'otto', token: TOKENS.operator, role: 'operator' },
  { name: 'rita', token: TOKENS['read-only'], role: 'read-only' },
];

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the answer; tests look into it freely. */
  readonly body: ReturnType<typeof JSON.parse>;
}

export interface AdminApi extends AsyncDisposable {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly logged: readonly string[];
  /** How often the dispatcher was told that endpoints changed. */
  readonly changes: number;
  /** `call('GET apps')`; as the owner when not told otherwise, without a token for an empty one. */
  call(what: string, body?: unknown, token?: string): Promise<Reply>;
}

/** The admin API over HTTP and a store in memory. */
export async function startAdminApi(
  tokens = ADMIN_TOKENS,
  beforeStates: readonly BeforeState[] = [],
  deliveryStates: ReadonlyMap<number, DeliveryState> = new Map(),
): Promise<AdminApi> {
  const store = openMemoryStore();
  const clock = new ManualClock();
  const logged: string[] = [];
  let changes = 0;
  const apps = [APP, OTHER_APP].map((sdkAppId) => ({
    sdkAppId,
    admins: ['root'],
    secretKeys: ['never-to-be-shown'],
  }));
  const pipelineChanged = () => {
    changes += 1;
  };
  const lag = new LagSurvey(store, clock);
  const handlers = adminHandlers({
    store,
    clock,
    tokens,
    apps,
    proxies: ['corp'],
    version: '0.1.0',
    startedAt: clock.now(),
    beforeStates: () => beforeStates,
    deliveryStates: () => deliveryStates,
    liveDelivery: () => undefined,
    lag: () => lag.lag(),
    pipelineChanged,
    node: () => undefined,
  });
  const server = createRestServer({
    handlers,
    config: { listen: { host: '127.0.0.1', port: 0 }, trustedProxies: [], bodyBytes: 65_536 },
    logger: createLogger({ level: 'info', destination: { write: (line) => void logged.push(line) } }),
    clock,
    ids: { requestId: () => 'r1', groupIdSeed: () => 'SEED00000001' },
  });
  const port = await server.start();

  return {
    store,
    clock,
    logged,
    get changes() {
      return changes;
    },
    async call(what, body, token = TOKENS.owner) {
      const [method = '', path = ''] = what.split(' ');
      const response = await fetch(`http://127.0.0.1:${port}/admin/v1/${path}`, {
        method,
        headers: token === '' ? {} : { authorization: `Bearer ${token}` },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    [Symbol.asyncDispose]: async () => {
      await server.abort();
      await store.close();
    },
  };
}

/** A group with one message per text. */
export async function sendTo(
  { store, clock }: AdminApi,
  groupId: string,
  texts: readonly string[],
): Promise<void> {
  const base = { now: clock.now(), app: APP, operator: 'root', groupId };
  const group = { groupType: 'Public', name: 'g', owner: 'ann', idSeed: 'SEED00000001' } as const;
  await store.commit({ ...base, type: 'importAccounts', accounts: [{ userId: 'ann' }] });
  await store.commit({ ...base, ...group, type: 'createGroup' });
  for (const [random, text] of texts.entries()) {
    const msgBodyJson = JSON.stringify([{ MsgContent: { Text: text }, MsgType: 'TIMTextElem' }]);
    const sent = await store.commit({ ...base, ...PLAIN_MESSAGE, random, msgBodyJson });
    if (sent.kind !== 'sent') throw new Error(`not sent: ${JSON.stringify(sent)}`);
  }
}

/** Ends the oldest event of every lane of an endpoint as a dead letter, after one attempt. */
export async function giveUp({ store, clock }: AdminApi, endpoint: string): Promise<void> {
  const found = (await store.endpoints()).find(({ settings }) => settings.name === endpoint);
  if (found === undefined) throw new Error(`no endpoint ${endpoint}`);
  const now = clock.now();
  const { lanes } = await store.dueLanes({ endpointId: found.id, now: now + 1, limit: 100 });
  const heads = lanes.map((lane) => ({ lane, seq: lane.cursor + 1 }));
  const failure = { attempt: 1, at: now, durationMs: 12, verdict: 'http_status', status: 500, probe: false };
  await store.commit({
    type: 'checkpoint',
    now,
    generation: store.generation,
    lanes: heads.map(({ lane, seq }) => ({ ...lane, cursor: seq, idle: false, replayedThrough: 0 })),
    attempts: heads.map((head) => ({ ...head, ...failure, detail: 'HTTP 500' })),
    deadLetters: heads.map((head) => ({
      ...head,
      reason: 'age',
      detail: 'HTTP 500',
      attempts: 1,
      firstAttemptAt: now,
    })),
  });
}

const PLAIN_MESSAGE = {
  type: 'sendMessage',
  sender: 'ann',
  senderIsAdmin: false,
  priority: 'Normal',
  onlineOnly: false,
  noUnread: false,
  noLastMsg: false,
  forbidAfterWebhook: false,
  supportMessageExtension: false,
  needReadReceipt: false,
  clientIp: '127.0.0.1',
  platform: 'RESTAPI',
  operationId: 'op',
} as const;
