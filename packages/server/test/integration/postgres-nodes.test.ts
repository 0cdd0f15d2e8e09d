import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Command, SendMessage } from '../../src/store/commands.ts';
import type { Store } from '../../src/store/store.ts';
import {
  APP,
  checkpoint,
  createGroup,
  progress,
  putEndpoint,
  START,
  sendMessage,
  startReplay,
} from '../conformance/commands.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { StoreCluster } from '../support/store-cluster.ts';

const USERS = ['a', 'b', 'c'];
const inApp = { now: START, app: APP, operator: 'administrator', silent: false };

const importing = (userIds: readonly string[], nick?: string): Command => ({
  type: 'importAccounts',
  now: START,
  app: APP,
  accounts: userIds.map((userId) => ({ userId, ...(nick === undefined ? {} : { nick }) })),
});

async function furnish(store: Store, ...groupIds: string[]): Promise<void> {
  await store.commit(importing(USERS));
  for (const groupId of groupIds)
    await store.commit(createGroup({ groupId, members: USERS.map((userId) => ({ userId })) }));
}

async function numbers(store: Store, groupId: string): Promise<number[]> {
  const page = await store.history({ app: APP, groupId, fromMsgSeq: 0, limit: 10_000 });
  return (page?.messages ?? []).map(({ msgSeq }) => msgSeq).reverse();
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const kinds = (results: readonly { readonly kind: string }[]) => results.map(({ kind }) => kind);

/** Each takes a number as soon as it writes, also one that is rolled back. */
async function transactions(cluster: StoreCluster): Promise<number> {
  const [row] = await cluster.query('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next');
  return Number(row?.next);
}

describe('several stores on one database', () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server[Symbol.asyncDispose]());

  /** What was acknowledged here holds there: node 0 acts, node 1 has the group in its memory already. */
  async function warm(nodes = 2, rules = {}): Promise<StoreCluster> {
    const cluster = await StoreCluster.open(server, nodes, rules);
    await furnish(cluster.node(0), 'g');
    for (const store of cluster.stores)
      for (const user of USERS) assert.equal((await store.commit(sendMessage('g', user))).kind, 'sent');
    return cluster;
  }

  test('one hot group: every node gets its messages in, in dense numbers, and none fails', async () => {
    await using cluster = await StoreCluster.open(server, 3);
    await furnish(cluster.node(0), 'g');
    const each = 60;
    const sending = cluster.stores.flatMap((store) =>
      Array.from({ length: 4 }, async () => {
        const own: number[] = [];
        for (let n = 0; n < each / 4; n += 1) {
          const result = await store.commit<SendMessage>(sendMessage('g', 'a'));
          assert.ok(result.kind === 'sent', JSON.stringify(result));
          own.push(result.msgSeq);
        }
        return own;
      }),
    );
    const all = await Promise.all(sending);
    for (const own of all)
      assert.deepEqual(
        own,
        own.toSorted((a, b) => a - b),
        'in the order of its sender',
      );
    assert.deepEqual(
      all.flat().sort((a, b) => a - b),
      upTo(3 * each),
    );
    assert.deepEqual(await numbers(cluster.node(1), 'g'), upTo(3 * each));
  });

  test('many hot groups in any order: nobody waits for anybody in a circle', async () => {
    await using cluster = await StoreCluster.open(server, 3);
    const groups = Array.from({ length: 8 }, (_, index) => `g${index}`);
    await furnish(cluster.node(0), ...groups);
    const deadlocks = async () =>
      Number(
        (await cluster.query("SELECT deadlocks AS n FROM pg_stat_database WHERE datname = 'postgres'"))[0]?.n,
      );
    const before = await deadlocks();
    for (let round = 0; round < 10; round += 1) {
      const sent = await Promise.all(
        cluster.stores.flatMap((store, node) => {
          const order = groups.map((_, index) => groups[(index * (node + 1) + round) % groups.length] ?? '');
          return [...order, ...order.toReversed()].map((groupId) => store.commit(sendMessage(groupId, 'a')));
        }),
      );
      assert.deepEqual(new Set(kinds(sent)), new Set(['sent']));
    }
    for (const groupId of groups) {
      const seen = await numbers(cluster.node(2), groupId);
      assert.deepEqual(seen, upTo(seen.length));
    }
    assert.equal(await deadlocks(), before);
  });

  test('a repetition is recognised whichever node took the first copy', async () => {
    await using cluster = await warm(3);
    const message = sendMessage('g', 'a', { random: 77 });
    const first = await cluster.node(0).commit<SendMessage>(message);
    assert.ok(first.kind === 'sent');
    const others = await Promise.all(
      [1, 2, 1].map((node) => cluster.node(node).commit<SendMessage>(message)),
    );
    for (const other of others)
      assert.deepEqual([other.kind, other.kind === 'duplicate' && other.msgSeq], ['duplicate', first.msgSeq]);
  });

  test('the same message sent to all nodes at once is stored once', async () => {
    await using cluster = await warm(3);
    for (let random = 100; random < 115; random += 1) {
      const message = sendMessage('g', 'b', { random });
      const results = await Promise.all(cluster.stores.map((store) => store.commit<SendMessage>(message)));
      assert.deepEqual(kinds(results).sort(), ['duplicate', 'duplicate', 'sent']);
      assert.equal(new Set(results.map((one) => 'msgSeq' in one && one.msgSeq)).size, 1);
    }
  });

  test('a mute, its end, a removal, a return, the end of the group: known on the other node at once', async () => {
    await using cluster = await warm();
    const [here, there] = [cluster.node(0), cluster.node(1)];
    const mute = (seconds: number): Command => ({
      type: 'muteMembers',
      ...inApp,
      groupId: 'g',
      userIds: ['b'],
      seconds,
    });
    const members = (type: 'addMembers' | 'deleteMembers'): Command => ({
      type,
      ...inApp,
      groupId: 'g',
      userIds: ['b'],
    });
    const fromB = () => sendMessage('g', 'b', { now: START });
    const toB = () => sendMessage('g', 'a', { now: START, to: ['b'] });
    const steps: [Command, () => SendMessage, 'sent' | 'refused'][] = [
      [mute(60), fromB, 'refused'],
      [mute(0), fromB, 'sent'],
      [members('deleteMembers'), toB, 'refused'],
      [members('addMembers'), toB, 'sent'],
      [{ type: 'destroyGroup', ...inApp, groupId: 'g' }, fromB, 'refused'],
      [createGroup({ groupId: 'g', members: [{ userId: 'b' }] }), toB, 'sent'],
    ];
    for (const [command, message, expected] of steps) {
      await here.commit(command);
      const preview = (await there.previewSend(message())).kind;
      assert.equal(preview, expected === 'sent' ? 'acceptable' : 'refused', JSON.stringify(command));
      assert.equal((await there.commit(message())).kind, expected, JSON.stringify(command));
    }
  });

  test('an account that is deleted or renamed on one node is so on the other', async () => {
    await using cluster = await warm();
    const [here, there] = [cluster.node(0), cluster.node(1)];
    await there.commit(putEndpoint('hook'));
    const nick = async () => {
      const sent = await there.commit<SendMessage>(sendMessage('g', 'b'));
      return sent.kind === 'sent' ? sent.event?.nick : sent.kind;
    };
    assert.equal(await nick(), '');
    await here.commit(importing(['b'], 'Bea'));
    assert.equal(await nick(), 'Bea');
    await here.commit({ type: 'deleteAccounts', now: START, app: APP, userIds: ['b'] });
    assert.equal(await nick(), 'refused');
    await there.commit(importing(['b'], 'Bo'));
    assert.equal(await nick(), 'Bo');
    await there.commit({ type: 'deleteAccounts', now: START, app: APP, userIds: ['b'] });
    await here.commit(importing(['b'], 'Ben'));
    assert.equal(await nick(), 'Ben', 'that there was none is not remembered');
  });

  test('made on both at once: one account with the fields of both, one group, one endpoint', async () => {
    await using cluster = await StoreCluster.open(server, 2);
    const [here, there] = [cluster.node(0), cluster.node(1)];
    for (let n = 0; n < 10; n += 1) {
      const userId = `u${n}`;
      await Promise.all([
        here.commit({ type: 'importAccounts', now: START, app: APP, accounts: [{ userId, nick: 'nick' }] }),
        there.commit({
          type: 'importAccounts',
          now: START,
          app: APP,
          accounts: [{ userId, faceUrl: 'face' }],
        }),
      ]);
      const both = [here, there];
      const made = await Promise.all(
        both.map((store) => store.commit(createGroup({ groupId: `g${n}`, members: [{ userId }] }))),
      );
      assert.deepEqual(kinds(made).sort(), ['created', 'refused']);
      const refusal = made.find(({ kind }) => kind === 'refused');
      assert.equal(refusal?.kind === 'refused' && refusal.error, 'GROUP_ID_IN_USE');
      const put = await Promise.all(both.map((store) => store.commit(putEndpoint(`hook${n}`))));
      assert.equal(new Set(put.map((one) => one.kind === 'done' && one.id)).size, 1);
    }
    const [row] = await cluster.query(
      "SELECT count(*) AS n FROM account WHERE nick = 'nick' AND face_url = 'face'",
    );
    assert.equal(Number(row?.n), 10);
    const [audiences] = await cluster.query(
      'SELECT count(*) = count(DISTINCT endpoints) AS distinct FROM audience',
    );
    assert.equal(audiences?.distinct, true);
  });

  test('an endpoint that was acknowledged on one node is matched by every later message of the others', async () => {
    await using cluster = await warm(3);
    for (let n = 0; n < 8; n += 1) {
      const noise = cluster.stores.map((store) => store.commit(sendMessage('g', 'a')));
      const put = await cluster.node(n).commit(putEndpoint(`hook${n}`));
      assert.ok(put.kind === 'done');
      const sent = await Promise.all(
        cluster.stores.map((store) => store.commit<SendMessage>(sendMessage('g', 'a'))),
      );
      await Promise.all(noise);
      for (const one of sent) {
        assert.ok(one.kind === 'sent');
        const [row] = await cluster.query(
          `SELECT ${put.id} = ANY (a.endpoints) AS told FROM log l JOIN audience a ON a.id = l.audience
           WHERE l.stream_id = ${one.streamId} AND l.log_seq = ${one.logSeq}`,
        );
        assert.equal(row?.told, true);
      }
      for (const store of cluster.stores)
        assert.ok(
          (await store.endpoints()).some(({ id }) => id === put.id),
          'and every node knows it',
        );
    }
  });

  test('limits of groups and of members of many groups hold exactly', async () => {
    await using cluster = await StoreCluster.open(server, 3, { groupsPerApp: 10, groupsPerUser: 4 });
    await cluster.node(0).commit(importing(['a', 'b']));
    const made = await Promise.all(
      Array.from({ length: 24 }, (_, n) => cluster.node(n).commit(createGroup({ groupId: `g${n}` }))),
    );
    assert.equal(made.filter(({ kind }) => kind === 'created').length, 10);
    const ids = made.flatMap((one) => (one.kind === 'created' ? [one.groupId] : []));
    await Promise.all(
      ids.map((groupId, n) =>
        cluster.node(n).commit({ type: 'addMembers', ...inApp, groupId, userIds: ['b'] }),
      ),
    );
    const joined = await cluster.query("SELECT count(*) AS n FROM member WHERE user_id = 'b'");
    assert.equal(Number(joined[0]?.n), 4);
    const [counts] = await cluster.query(
      `SELECT sum(groups) AS counted, (SELECT count(*) FROM chat_group WHERE destroyed_at IS NULL) AS groups,
         (SELECT bool_and(g.member_num = (SELECT count(*) FROM member m WHERE m.stream_id = g.stream_id)) FROM chat_group g) AS members
       FROM group_count`,
    );
    assert.deepEqual([Number(counts?.counted), Number(counts?.groups), counts?.members], [10, 10, true]);
  });

  test('the frequency cap of a group is that of all nodes together', async () => {
    await using cluster = await StoreCluster.open(server, 3, {
      groupMessagesPerSecond: 10,
      onLimit: 'error',
    });
    await furnish(cluster.node(0), 'g');
    const now = START + 5_000;
    const sent = await Promise.all(
      Array.from({ length: 45 }, (_, n) => cluster.node(n).commit(sendMessage('g', 'a', { now }))),
    );
    assert.equal(sent.filter(({ kind }) => kind === 'sent').length, 10);
  });

  test('a lane that one node lets go and another lets fall behind has its row', async () => {
    await using cluster = await warm();
    const [sender, dispatcher] = [cluster.node(0), cluster.node(1)];
    const put = await sender.commit(putEndpoint('hook'));
    assert.ok(put.kind === 'done');
    let last = { streamId: 0, logSeq: 0 };
    const send = async () => {
      const sent = await sender.commit<SendMessage>(sendMessage('g', 'a'));
      assert.ok(sent.kind === 'sent');
      last = sent;
    };
    const rest = (cursor: number) => {
      const lane = {
        endpointId: put.id,
        streamId: last.streamId,
        cursor,
        acked: [],
        retries: [],
        dueAt: START,
      };
      return dispatcher.commit(
        checkpoint(dispatcher.generation, { lanes: [progress(lane, { cursor, idle: true })] }),
      );
    };
    const lanes = async () => Number((await cluster.query('SELECT count(*) AS n FROM lane'))[0]?.n);
    for (let n = 0; n < 5; n += 1) {
      await send();
      await send();
      const seen = last.logSeq;
      await send();
      const kept = await rest(seen);
      assert.deepEqual(
        kept.kind === 'done' && kept.kept,
        [{ endpointId: put.id, streamId: last.streamId }],
        'there is news that this node has not written',
      );
      assert.equal(await lanes(), 1);
      while ((await lanes()) > 0) await rest(last.logSeq);
    }
  });

  test('a lane of a node that does not work on it: its row is made for whoever does, and stays while there is news', async () => {
    await using cluster = await warm();
    const [sender, dispatcher] = [cluster.node(0), cluster.node(1)];
    const put = await dispatcher.commit(putEndpoint('hook'));
    assert.ok(put.kind === 'done');
    // From now on the sender knows which partition it works on, and that it is another one.
    await cluster.query(
      "UPDATE lease SET node_id = 'n', node_generation = 1, generation = 7 WHERE partition = 63",
    );
    const leases = { of: 64, generations: new Map([[63, 7]]) };
    const elsewhere = progress({ endpointId: put.id, streamId: 63 }, { idle: true });
    await sender.commit(checkpoint(sender.generation, { lanes: [elsewhere], leases }));
    const send = async () => {
      const sent = await sender.commit<SendMessage>(sendMessage('g', 'a'));
      assert.ok(sent.kind === 'sent');
      return { lane: { endpointId: put.id, streamId: sent.streamId }, seq: sent.logSeq };
    };
    const { lane, seq } = await send();
    assert.deepEqual(await cluster.query('SELECT relied_by FROM lane'), [{ relied_by: '0' }]);
    const { seq: last } = await send();
    const rest = async (cursor: number) => {
      const lanes = [progress(lane, { cursor, idle: true })];
      const done = await dispatcher.commit(checkpoint(dispatcher.generation, { lanes }));
      return done.kind === 'done' && done.kept;
    };
    assert.deepEqual(await rest(seq), [lane]);
    assert.deepEqual([await rest(last), await cluster.query('SELECT 1 FROM lane')], [[], []]);
  });

  test('where others write, too, the group is locked first, and nothing is decided in vain', async () => {
    await using cluster = await warm();
    /** Transactions that have begun to write, whether they came to anything or not. */
    const cost = async (node: number) => {
      const before = await transactions(cluster);
      assert.equal((await cluster.node(node).commit(sendMessage('g', 'a'))).kind, 'sent');
      return (await transactions(cluster)) - before;
    };
    assert.equal(await cost(1), 1, 'was the last to write');
    assert.equal(await cost(0), 2, 'has not seen that');
    assert.equal(await cost(1), 2);
    for (let n = 0; n < 4; n += 1) assert.deepEqual([await cost(0), await cost(1)], [1, 1]);
  });

  test('what others have sent is known with the lock, however much it is', async () => {
    await using cluster = await warm();
    const [here, there] = [cluster.node(0), cluster.node(1)];
    for (let n = 0; n < 2; n += 1)
      for (const store of cluster.stores)
        assert.equal((await store.commit(sendMessage('g', 'a'))).kind, 'sent');
    let random = 1_000;
    for (const many of [1, 200, 256, 600]) {
      const messages = Array.from({ length: many }, () => {
        random += 1;
        return sendMessage('g', 'a', { random });
      });
      const sent = await Promise.all(messages.map((message) => there.commit<SendMessage>(message)));
      assert.deepEqual(new Set(kinds(sent)), new Set(['sent']));
      const again = [0, many >> 1, many - 1];
      const repeated = await Promise.all(
        again.map((index) => here.commit<SendMessage>(messages[index] ?? sendMessage('g', 'a'))),
      );
      assert.deepEqual(
        repeated.map((one) => (one.kind === 'duplicate' ? one.msgSeq : one.kind)),
        again.map((index) => (sent[index] as { msgSeq: number }).msgSeq),
      );
      assert.equal((await here.commit(sendMessage('g', 'b'))).kind, 'sent');
    }
  });

  test('a row that other nodes have counted on goes, and the next one is an ordinary one', async () => {
    await using cluster = await warm();
    const [node, other] = [cluster.node(0), cluster.node(1)];
    const put = await node.commit(putEndpoint('hook'));
    assert.ok(put.kind === 'done');
    const send = async (store: Store) => {
      const sent = await store.commit<SendMessage>(sendMessage('g', 'a'));
      assert.ok(sent.kind === 'sent');
      return { endpointId: put.id, streamId: sent.streamId, cursor: sent.logSeq };
    };
    const rest = async (lane: Awaited<ReturnType<typeof send>>) => {
      const lanes = [progress(lane, { cursor: lane.cursor, idle: true })];
      const done = await node.commit(checkpoint(node.generation, { lanes }));
      const [stream] = await cluster.query(`SELECT lanes FROM stream WHERE id = ${lane.streamId}`);
      return [done.kind === 'done' && done.kept.length, Number(stream?.lanes)];
    };
    await send(other);
    // Until the group counts as quiet again.
    for (let n = 0; n < 6; n += 1) await send(node);
    const lane = await send(node);
    assert.deepEqual(await cluster.query('SELECT relied_by FROM lane'), [{ relied_by: '-1' }]);
    assert.deepEqual(await rest(lane), [1, 0], 'finds out that another node counts on it');
    assert.deepEqual(await rest(lane), [0, 1], 'and tells it');
    for (let n = 0; n < 3; n += 1) {
      const before = await transactions(cluster);
      await send(node);
      const next = await send(node);
      assert.equal((await transactions(cluster)) - before, 2, 'knows what it has told itself');
      assert.deepEqual(await rest(next), [0, 1]);
    }
  });

  test('a row that nobody counts on is that of the first who does', async () => {
    await using cluster = await warm();
    const [node, other] = [cluster.node(0), cluster.node(1)];
    const put = await node.commit(putEndpoint('hook'));
    assert.ok(put.kind === 'done');
    const relied = async () => (await cluster.query('SELECT relied_by FROM lane'))[0]?.relied_by;
    await node.commit(sendMessage('g', 'a'));
    await cluster.query('UPDATE lane SET relied_by = 0');
    await other.commit(sendMessage('g', 'a'));
    assert.equal(await relied(), String(other.generation));
    await other.commit(sendMessage('g', 'a'));
    assert.equal(await relied(), String(other.generation));
  });

  test('messages and checkpoints at once: whenever all is quiet, a lane without a row has had everything', async () => {
    await using cluster = await warm(3);
    const put = await cluster.node(0).commit(putEndpoint('hook'));
    assert.ok(put.kind === 'done');
    const [state] = await cluster.node(0).groups(APP, ['g']);
    const lane = { endpointId: put.id, streamId: state?.streamId ?? 0, acked: [], retries: [], dueAt: START };
    for (let round = 0; round < 15; round += 1) {
      const sending = Array.from({ length: 9 }, (_, n) =>
        cluster.node(n).commit<SendMessage>(sendMessage('g', 'a')),
      );
      let cursor = 0;
      const dispatching = (async () => {
        for (let n = 0; n < 4; n += 1) {
          const store = cluster.node(n + round);
          const [row] = (await store.dueLanes({ endpointId: put.id, now: Number.MAX_SAFE_INTEGER, limit: 9 }))
            .lanes;
          if (row === undefined) continue;
          const [read] = await store.readEvents([{ ...lane, after: row.cursor, maxEvents: 3 }]);
          cursor = Math.max(cursor, read?.scannedThrough ?? 0);
          const at = { ...lane, cursor: read?.scannedThrough ?? row.cursor };
          const lanes = [progress(at, { cursor: at.cursor, idle: read?.atHead === true })];
          await store.commit(checkpoint(store.generation, { lanes }));
        }
      })();
      await Promise.all([...sending, dispatching]);
      const rows = await cluster.query('SELECT cursor FROM lane');
      const [head] = await cluster.query(`SELECT head FROM stream WHERE id = ${lane.streamId}`);
      if (rows.length === 0) assert.equal(cursor, Number(head?.head));
      else assert.ok(Number(rows[0]?.cursor) <= Number(head?.head));
    }
  });

  test('a replay that one node starts is worked on by another, though its lane had caught up', async () => {
    await using cluster = await warm();
    const [here, there] = [cluster.node(0), cluster.node(1)];
    const put = await here.commit(putEndpoint('hook'));
    assert.ok(put.kind === 'done');
    assert.equal(
      (await here.commit(startReplay('hook', { groupId: 'g', fromMsgSeq: 2, toMsgSeq: 3 }))).kind,
      'done',
    );
    const [lane] = (await there.dueLanes({ endpointId: put.id, now: Number.MAX_SAFE_INTEGER, limit: 9 }))
      .lanes;
    assert.ok(lane !== undefined);
    const [read] = await there.readEvents([
      { endpointId: put.id, streamId: lane.streamId, after: lane.cursor, maxEvents: 9 },
    ]);
    assert.deepEqual(
      read?.events.map(({ seq }) => seq),
      [3, 4],
    );
    assert.ok(read?.events.every(({ replayId }) => replayId !== undefined));
    const idle = progress(lane, { cursor: lane.cursor, idle: true });
    const kept = await there.commit(checkpoint(there.generation, { lanes: [idle] }));
    assert.equal(kept.kind === 'done' && kept.kept.length, 1);
  });

  test('a dead letter that two operators replay at once is replayed once', async () => {
    await using cluster = await warm();
    const put = await cluster.node(0).commit(putEndpoint('hook'));
    const sent = await cluster.node(0).commit<SendMessage>(sendMessage('g', 'a'));
    assert.ok(put.kind === 'done' && sent.kind === 'sent');
    const lane = { endpointId: put.id, streamId: sent.streamId };
    const letter = {
      lane,
      seq: sent.logSeq,
      reason: 'attempts',
      detail: 'x',
      attempts: 1,
      firstAttemptAt: START,
    } as const;
    await cluster.node(0).commit(checkpoint(cluster.node(0).generation, { deadLetters: [letter] }));
    const [{ id } = { id: 0 }] = await cluster.node(1).deadLetters({ includeReplayed: false, limit: 1 });
    const results = await Promise.all(
      cluster.stores.map((store) => store.commit({ type: 'replayDeadLetter', now: START, app: APP, id })),
    );
    assert.deepEqual(kinds(results).sort(), ['done', 'refused']);
    assert.equal((await cluster.query('SELECT 1 FROM replay')).length, 1);
  });
});
