import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { Command, ResultMap } from '../../src/store/commands.ts';
import {
  APP,
  checkpoint,
  createGroup,
  progress,
  putEndpoint,
  START,
  sendMessage,
} from '../conformance/commands.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { StoreCluster } from '../support/store-cluster.ts';

const NODES = 3;
const USERS = ['a', 'b', 'c'];
const GROUPS = ['g', 'h'];
const HOOKS = ['hook', 'other'];

const inApp = { now: START, app: APP, operator: 'administrator', silent: false };
const node = fc.nat(NODES - 1);
const user = fc.constantFrom(...USERS);
const users = fc.uniqueArray(user, { minLength: 1, maxLength: 2 });
const group = fc.constantFrom(...GROUPS);
const hook = fc.constantFrom(...HOOKS);

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .record({ to: group, from: user, random: fc.nat(6), onlineOnly: fc.boolean() })
      .map(({ to, from, random, onlineOnly }) =>
        sendMessage(to, from, { random: 1_000_000 + random, onlineOnly }),
      ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('addMembers', 'deleteMembers'), group, users)
      .map(([type, groupId, userIds]): Command => ({ type, ...inApp, groupId, userIds })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(group, users, fc.constantFrom(0, 3_600)).map(
      ([groupId, userIds, seconds]): Command => ({
        type: 'muteMembers',
        ...inApp,
        groupId,
        userIds,
        seconds,
      }),
    ),
  },
  { weight: 1, arbitrary: group.map((groupId): Command => ({ type: 'destroyGroup', ...inApp, groupId })) },
  { weight: 2, arbitrary: group.map((groupId) => createGroup({ groupId, members: [{ userId: 'a' }] })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(hook, fc.constantFrom(undefined, ['g']))
      .map(([name, groups]) => putEndpoint(name, groups === undefined ? {} : { groups })),
  },
  {
    weight: 1,
    arbitrary: hook.map(
      (name): Command => ({ type: 'deleteEndpoint', now: START, app: APP, name, force: true }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(users, user).map(
      ([all, nick]): Command => ({
        type: 'importAccounts',
        now: START,
        app: APP,
        accounts: all.map((userId) => ({ userId, nick })),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: user.map(
      (userId): Command => ({ type: 'deleteAccounts', now: START, app: APP, userIds: [userId] }),
    ),
  },
);

/** What is done at once: commands at any node, and at one of them, perhaps, what a dispatcher does. */
interface Step {
  readonly commands: readonly { readonly at: number; readonly command: Command }[];
  readonly dispatching: number | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  commands: fc.array(fc.record({ at: node, command }), { minLength: 1, maxLength: 14 }),
  dispatching: fc.option(node, { nil: undefined }),
});

/** One run: a cluster, and what was seen of it. */
class Run {
  readonly cluster: StoreCluster;
  /** `endpoint/stream` and the events that were delivered there. */
  readonly delivered = new Map<string, Set<number>>();

  constructor(cluster: StoreCluster) {
    this.cluster = cluster;
  }

  /** Reads what one endpoint's due lanes have, and writes down that it is delivered. */
  async dispatch(at: number): Promise<void> {
    const store = this.cluster.node(at);
    for (const { id: endpointId } of await store.endpoints()) {
      const { lanes } = await store.dueLanes({ endpointId, now: Number.MAX_SAFE_INTEGER, limit: 9 });
      const reads = lanes.map(({ streamId, cursor }) => ({
        endpointId,
        streamId,
        after: cursor,
        maxEvents: 4,
      }));
      const read = await store.readEvents(reads);
      const done = read.map(({ events, scannedThrough, atHead, streamId }) => {
        const key = `${endpointId}/${streamId}`;
        const seen = this.delivered.get(key) ?? new Set();
        this.delivered.set(key, seen);
        for (const { seq } of events) seen.add(seq);
        return progress({ endpointId, streamId }, { cursor: scannedThrough, idle: atHead });
      });
      await store.commit(checkpoint(store.generation, { lanes: done }));
    }
  }

  /** What holds of the tables whenever nothing is under way. */
  async check(): Promise<void> {
    const { cluster } = this;
    const none = async (what: string, sql: string) => assert.deepEqual(await cluster.query(sql), [], what);
    await none(
      'log sequences are dense',
      `SELECT s.id FROM stream s LEFT JOIN log l ON l.stream_id = s.id GROUP BY s.id
       HAVING count(l.log_seq) <> s.head OR coalesce(max(l.log_seq), 0) <> s.head`,
    );
    await none(
      'MsgSeqs are dense, and given once',
      `SELECT s.id FROM stream s LEFT JOIN (SELECT stream_id, msg_seq FROM message UNION
         SELECT stream_id, msg_seq FROM log WHERE msg_seq > 0) AS m ON m.stream_id = s.id GROUP BY s.id
       HAVING count(m.msg_seq) <> s.next_msg_seq - 1 OR coalesce(max(m.msg_seq), 0) <> s.next_msg_seq - 1`,
    );
    await none(
      'a copy of a message is stored once',
      `SELECT l.stream_id, m.sender, m.random FROM log l JOIN message m ON m.stream_id = l.stream_id AND m.log_seq = l.log_seq
       WHERE l.kind = 'group.message.sent' GROUP BY 1, 2, 3 HAVING count(*) > 1`,
    );
    await none(
      'members are counted',
      `SELECT g.group_id FROM chat_group g WHERE g.destroyed_at IS NULL
         AND g.member_num <> (SELECT count(*) FROM member m WHERE m.stream_id = g.stream_id)`,
    );
    await none(
      'groups are counted',
      `SELECT c.type FROM group_count c WHERE c.groups <>
         (SELECT count(*) FROM chat_group g WHERE g.destroyed_at IS NULL AND g.app = c.app AND g.type = c.type)`,
    );
    const owed = await cluster.query(
      `SELECT e.id, l.stream_id, l.log_seq FROM log l JOIN audience a ON a.id = l.audience
         JOIN endpoint e ON e.id = ANY (a.endpoints) AND e.deleted_at IS NULL
       WHERE NOT EXISTS (SELECT 1 FROM lane n WHERE n.endpoint_id = e.id AND n.stream_id = l.stream_id AND n.cursor < l.log_seq)`,
    );
    for (const row of owed)
      assert.ok(
        this.delivered.get(`${row.id}/${row.stream_id}`)?.has(Number(row.log_seq)),
        `event ${row.log_seq} of stream ${row.stream_id} is neither delivered to endpoint ${row.id} nor behind its cursor`,
      );
    const [first, ...others] = await Promise.all(cluster.stores.map((store) => store.endpoints()));
    for (const other of others) assert.deepEqual(other, first, 'every node knows the same endpoints');
  }

  /** What was true before the step, and nothing in it has changed, holds for every message of the step. */
  async take({ commands, dispatching }: Step): Promise<void> {
    const { cluster } = this;
    const endpoints = await cluster.node(0).endpoints();
    const muted = await cluster.query(
      `SELECT g.group_id, m.user_id FROM mute m JOIN chat_group g ON g.stream_id = m.stream_id AND g.destroyed_at IS NULL`,
    );
    const [results] = await Promise.all([
      Promise.all(
        commands.map(async ({ at, command }) => ({
          command,
          result: await cluster.node(at).commit(command),
        })),
      ),
      dispatching === undefined ? undefined : this.dispatch(dispatching),
    ]);
    const touches = (groupId: string, types: readonly Command['type'][]) =>
      commands.some(
        ({ command }) => types.includes(command.type) && 'groupId' in command && command.groupId === groupId,
      );
    for (const { command, result } of results) {
      if (command.type !== 'sendMessage' || result.kind !== 'sent') continue;
      const { groupId, sender } = command;
      if (!touches(groupId, ['muteMembers', 'createGroup', 'destroyGroup']))
        assert.ok(
          !muted.some((row) => row.group_id === groupId && row.user_id === sender),
          `${sender} was muted in ${groupId} before, and sends`,
        );
      const { streamId, logSeq } = result as ResultMap['sendMessage'] & { kind: 'sent' };
      const [row] = await cluster.query(
        `SELECT a.endpoints FROM log l LEFT JOIN audience a ON a.id = l.audience
         WHERE l.stream_id = ${streamId} AND l.log_seq = ${logSeq}`,
      );
      const told = ((row?.endpoints as string[] | null) ?? []).map(Number);
      for (const { id, settings } of endpoints) {
        const isChanged = commands.some(
          ({ command: other }) =>
            (other.type === 'deleteEndpoint' && other.name === settings.name) ||
            (other.type === 'putEndpoint' && other.settings.name === settings.name),
        );
        if (isChanged || (settings.groups !== undefined && !settings.groups.includes(groupId))) continue;
        assert.ok(
          told.includes(id),
          `endpoint ${id} was there before, and is not told of ${streamId}/${logSeq}`,
        );
      }
    }
  }
}

let server: PostgresServer;
before(async () => {
  server = await PostgresServer.start();
});
after(() => server[Symbol.asyncDispose]());

test('whatever several nodes do at once, each group has one history, and no lane loses an event', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
      await using cluster = await StoreCluster.open(server, NODES);
      const run = new Run(cluster);
      await cluster.node(0).commit({
        type: 'importAccounts',
        now: START,
        app: APP,
        accounts: USERS.map((userId) => ({ userId })),
      });
      for (const groupId of GROUPS)
        await cluster.node(0).commit(createGroup({ groupId, members: USERS.map((userId) => ({ userId })) }));
      await cluster.node(0).commit(putEndpoint('hook'));
      for (const one of steps) {
        await run.take(one);
        await run.check();
      }
    }),
    { numRuns: Number(process.env.CONFAB_NODES_RUNS ?? 8) },
  );
});
