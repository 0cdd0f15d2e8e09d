import assert from 'node:assert/strict';
import type { Receiver } from './scripted-receiver.ts';
import type { ServerProcess } from './server-process.ts';

const GROUPS = 8;
const SENDERS = 16;
/** Acknowledged sends after which something is killed, in the middle of the others. */
const KILL_AFTER = 150;

export interface Webhook {
  readonly GroupId: string;
  readonly MsgSeq: number;
  readonly Random: number;
}

export function webhookOf(body: string): Webhook {
  return JSON.parse(body) as Webhook;
}

/**
 * Kills in the middle of a load, again and again, one for each of `kills`: every acknowledged message arrives, in the order of its
 * group, and none twice but those begun since the last checkpoint (design, invariants 1, 2, 3, 6).
 */
export async function killUnderLoad(
  server: ServerProcess,
  receiver: Receiver,
  kills: readonly (() => Promise<void>)[],
): Promise<void> {
  const acknowledged = new Map<string, Webhook>();
  let random = 0;
  await server.call('im_open_login_svc/account_import', { UserID: 'leckie' });
  for (let group = 0; group < GROUPS; group += 1) {
    await server.call('group_open_http_svc/create_group', {
      Type: 'Public',
      Name: 'g',
      GroupId: `g${group}`,
    });
  }
  for (const kill of kills) {
    const target = acknowledged.size + KILL_AFTER;
    let killing: Promise<void> | undefined;
    const senders = Array.from({ length: SENDERS }, async () => {
      // When it was not the server that was killed, the others go on for a while.
      while (acknowledged.size < target + KILL_AFTER) {
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
        if (acknowledged.size >= target) killing ??= kill();
      }
    });
    await Promise.all(senders);
    await killing;
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
  assertOrder(hooks, kills.length);
}

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
