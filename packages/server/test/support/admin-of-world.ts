import { createLogger } from '../../src/base/logger.ts';
import { adminHandlers } from '../../src/rest/admin/handlers.ts';
import { createRestServer } from '../../src/rest/server.ts';
import { LagSurvey } from '../../src/service/lag.ts';
import { APP, type World } from './dispatch-harness.ts';

const TOKEN = 'owner-token-0123456789';

export interface WorldAdmin extends AsyncDisposable {
  /** `call('GET status')`, as the owner "olga"; the JSON of the answer, into which tests look freely. */
  call(what: string, body?: unknown): Promise<{ status: number; body: ReturnType<typeof JSON.parse> }>;
}

/** The admin API over HTTP, in front of a world's store and of its dispatcher, started or not. */
export async function adminOf(world: World): Promise<WorldAdmin> {
  const { clock, store } = world;
  const server = createRestServer({
    handlers: adminHandlers({
      store,
      clock,
      tokens: [{ name: 'olga', token: TOKEN, role: 'owner' }],
      apps: [{ sdkAppId: APP, admins: ['root'] }],
      proxies: [],
      version: '0.1.0',
      startedAt: clock.now(),
      beforeStates: () => [],
      deliveryStates: () => new Map(),
      liveDelivery: (...event) => (world.started ? world.dispatcher.live(...event) : undefined),
      lag: () => new LagSurvey(store, clock).lag(),
      node: () => undefined,
      pipelineChanged: () => void (world.started && world.dispatcher.reload()),
    }),
    config: { listen: { host: '127.0.0.1', port: 0 }, trustedProxies: [], bodyBytes: 65_536 },
    logger: createLogger({ level: 'silent' }),
    clock,
    ids: { requestId: () => 'r1', groupIdSeed: () => 'SEED00000001' },
  });
  const port = await server.start();
  return {
    async call(what, body) {
      const [method = '', path = ''] = what.split(' ');
      const response = await fetch(`http://127.0.0.1:${port}/admin/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}` },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    },
    [Symbol.asyncDispose]: () => server.abort(),
  };
}
