import { auditLog, storeStats } from '../../service/deliveries.ts';
import { listNodes } from '../../service/nodes.ts';
import type { Route } from './route.ts';

const MAX_ROWS = 1_000;

export const SERVER_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'status',
    role: 'read-only',
    summary:
      'Version, start, and what the store holds: per endpoint the lanes behind and the open dead letters. `beforeWebhooks` are the endpoints that are asked before a message is sent, with the number of each verdict since the start or their last change. `node` is the process that answers, where several may work on a database: it works on `held` of the partitions that all groups are divided into, and `nodes` live.',
    answer:
      '`{ version, startedAt, uptimeSeconds, store: { schemaVersion, databaseBytes, accounts, groups, lanesBehind, deadLetters }, beforeWebhooks: [{ app, endpoint, breaker, inFlight, verdicts }], node?: { id, role, held, partitions, nodes } }`',
    handle: async ({ deps }) => {
      const { version, startedAt, clock } = deps;
      const uptimeSeconds = Math.max(0, Math.floor((clock.now() - startedAt) / 1_000));
      const store = await storeStats(deps);
      const beforeWebhooks = deps.beforeStates();
      const node = deps.node();
      const about = { version, startedAt, uptimeSeconds, store, beforeWebhooks };
      return { status: 200, body: { ...about, ...(node !== undefined && { node }) } };
    },
  },
  {
    method: 'GET',
    path: 'nodes',
    role: 'read-only',
    summary:
      'The processes that work on this database, the oldest first, with the partitions of lanes that each has leased; also those that died within the last day. Empty over SQLite.',
    answer: '`{ nodes: [{ id, name, version, role, startedAt, seenAt, alive, partitions }] }`',
    handle: async ({ deps }) => ({ status: 200, body: { nodes: await listNodes(deps) } }),
  },
  {
    method: 'GET',
    path: 'apps',
    role: 'read-only',
    summary: 'The apps of this server, without their keys.',
    answer: '`{ apps: [{ sdkAppId, admins }] }`',
    handle: async ({ deps }) => ({
      status: 200,
      body: { apps: deps.apps.map(({ sdkAppId, admins }) => ({ sdkAppId, admins })) },
    }),
  },
  {
    method: 'GET',
    path: 'audit',
    role: 'read-only',
    summary:
      'Who did what with this API, newest first. The line stands before the change is made; a refusal adds another.',
    query: {
      before: 'only entries with a smaller id: the last one of the page before',
      limit: `at most so many, 1 to ${MAX_ROWS}; default 100`,
    },
    answer: '`{ audit: [{ id, at, actor, role, action, target, detail }] }`',
    handle: async ({ deps, query }) => {
      const before = query.integer('before', 1, Number.MAX_SAFE_INTEGER);
      const limit = query.integer('limit', 1, MAX_ROWS) ?? 100;
      return {
        status: 200,
        body: { audit: await auditLog(deps, { limit, ...(before !== undefined && { before }) }) },
      };
    },
  },
];
