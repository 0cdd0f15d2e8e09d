import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startReceiver } from '../support/scripted-receiver.ts';
import { ServerProcess } from '../support/server-process.ts';

const GROUPS = 8;
const SENDERS = 16;
const ROUNDS = 4;
/** Acknowledged sends after which the process is killed, in the middle of the others. */
const KILL_AFTER = 150;

interface Webhook {
  readonly GroupId: string;
  readonly MsgSeq: number;
  readonly Random: number;
}

function webhookOf(body: string): Webhook {
  return JSON.parse(body) as Webhook;
}

/**
 * kill -9 in the middle of a load, again and again: every acknowledged message arrives, in the order of its group, and none
 * twice but those begun since the last checkpoint (design, invariants 1, 2, 3, 6).
 */
test('kill -9 under load loses nothing that was acknowledged and reorders nothing', async () => {
  const receiver = await startReceiver();
  const server = new ServerProcess(receiver.url);
  const acknowledged = new Map<string, Webhook>();
  let random = 0;
  try {
    await server.start();
    await server.call('im_open_login_svc/account_import', { UserID: 'leckie' });
    for (let group = 0; group < GROUPS; group += 1) {
      await server.call('group_open_http_svc/create_group', {
        Type: 'Public',
        Name: 'g',
        GroupId: `g${group}`,
      });
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      const target = acknowledged.size + KILL_AFTER;
      const senders = Array.from({ length: SENDERS }, async () => {
        for (;;) {
          random += 1;
          const GroupId = `g${random % GROUPS}`;
          const Random = random;
          const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: `message ${random}` } }];
          const body = { GroupId, Random, From_Account: 'leckie', MsgBody };
          try {
            const answer = await server.call('group_open_http_svc/send_group_msg', body);
            assert.equal(answer.ErrorCode, 0, String(answer.ErrorInfo));
            acknowledged.set(`${GroupId}/${answer.MsgSeq}`, {
              GroupId,
              Random,
              MsgSeq: Number(answer.MsgSeq),
            });
          } catch (error) {
            if (error instanceof assert.AssertionError) throw error;
            return;
          }
          if (acknowledged.size >= target) void server.kill();
        }
      });
      await Promise.all(senders);
      await server.start();
    }
    const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'last' } }];
    const last = new Map<string, number>();
    for (let group = 0; group < GROUPS; group += 1) {
      const body = { GroupId: `g${group}`, Random: 4_000_000_000 + group, From_Account: 'leckie', MsgBody };
      const answer = await server.call('group_open_http_svc/send_group_msg', body);
      last.set(`g${group}`, Number(answer.MsgSeq));
    }
    const total = [...last.values()].reduce((sum, seq) => sum + seq, 0);
    let seen = 0;
    const distinct = new Set<string>();
    while (distinct.size < total) {
      await receiver.waitFor(seen + 1);
      for (const { body } of receiver.requests.slice(seen)) {
        const { GroupId, MsgSeq } = webhookOf(body);
        distinct.add(`${GroupId}/${MsgSeq}`);
      }
      seen = receiver.requests.length;
    }
    const hooks = receiver.requests.map(({ body }) => webhookOf(body));
    const arrived = new Map(hooks.map((hook) => [`${hook.GroupId}/${hook.MsgSeq}`, hook.Random]));
    for (const [key, sent] of acknowledged) {
      assert.equal(arrived.get(key), sent.Random, `${key} arrived as what was acknowledged`);
    }
    assertOrder(hooks, ROUNDS);
  } finally {
    await server.dispose();
    await receiver.close();
  }
});

/** Per group: dense from 1, each number first seen after the one before it, and a step back only where a crash was. */
function assertOrder(hooks: readonly Webhook[], crashes: number): void {
  const highest = new Map<string, number>();
  const previous = new Map<string, number>();
  const rewinds = new Map<string, number>();
  for (const { GroupId, MsgSeq } of hooks) {
    const top = highest.get(GroupId) ?? 0;
    assert.ok(MsgSeq <= top + 1, `${GroupId}: ${MsgSeq} came before ${top + 1}`);
    highest.set(GroupId, Math.max(top, MsgSeq));
    const before = previous.get(GroupId) ?? 0;
    if (MsgSeq <= before) rewinds.set(GroupId, (rewinds.get(GroupId) ?? 0) + 1);
    previous.set(GroupId, MsgSeq);
  }
  for (const [group, count] of rewinds) assert.ok(count <= crashes, `${group} went back ${count} times`);
}

test('an orderly stop finishes what is under way, and a second start repeats nothing', async () => {
  const receiver = await startReceiver();
  const server = new ServerProcess(receiver.url);
  try {
    await server.start();
    await server.call('group_open_http_svc/create_group', { Type: 'Public', Name: 'g', GroupId: 'g' });
    const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hello' } }];
    const sends = Array.from({ length: 20 }, (_, index) =>
      server.call('group_open_http_svc/send_group_msg', { GroupId: 'g', Random: index + 1, MsgBody }),
    );
    await Promise.all(sends);
    await receiver.waitFor(5);
    assert.equal(await server.stop(), 0);
    await server.start();
    await receiver.waitFor(20);
    await server.call('group_open_http_svc/send_group_msg', { GroupId: 'g', Random: 21, MsgBody });
    await receiver.waitFor(21);
    const seqs = receiver.requests.map(({ body }) => webhookOf(body).MsgSeq);
    assert.deepEqual(
      seqs,
      Array.from({ length: 21 }, (_, index) => index + 1),
    );
  } finally {
    await server.dispose();
    await receiver.close();
  }
});
