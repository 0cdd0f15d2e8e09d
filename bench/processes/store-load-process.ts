/**
 * One node's store under load, without a server around it: `store-load-process.ts DATABASE-URL NODE NODES FROM TO`. It leases its part of the
 * partitions. Asked with the seconds, it sends to the groups FROM to TO from its part of the 64 senders, and checkpoints the lanes it has leased as a dispatcher does whose
 * receivers answer at once; then it tells what it did.
 */

import { partitionOf } from '../../packages/server/src/domain/lease.ts';
import { DEFAULT_RULES } from '../../packages/server/src/domain/rules.ts';
import type { LaneProgress } from '../../packages/server/src/store/lanes.ts';
import { openPostgresStore } from '../../packages/server/src/store/postgres/open.ts';
import { CONNECTIONS } from '../load/load.ts';
import { GROUPS } from './confab-config.ts';
import { message } from './store-commands.ts';

/** What one node did. */
export interface StoreLoad {
  readonly sent: number;
  readonly cpuSeconds: number;
  /** Transactions. */
  readonly commits: number;
  /** Of a send, in ms, in ascending order. */
  readonly delays: readonly number[];
}

/** Nobody renews them: longer than a bench lasts. */
const LEASE_MS = 590_000;
const CHECKPOINT_MS = 50;
const DELAYS_KEPT = 10_000;

const [url = '', ...numbers] = process.argv.slice(2);
const [node = 0, nodes = 1, from = 0, to = GROUPS.length] = numbers.map(Number);
const groups = GROUPS.slice(from, to);
let commits = 0;
const store = await openPostgresStore({
  url,
  rules: { ...DEFAULT_RULES, groupMessagesPerSecond: 0 },
  alone: false,
  onCommit: () => {
    commits += 1;
  },
});
const { cluster, generation } = store;
if (cluster === undefined) throw new Error('this store has no leases');
const { partitions } = cluster;
await cluster.join(
  { id: `node${node}`, name: '', version: '', role: 'all', startedAt: Date.now() },
  LEASE_MS,
);
const mine = Array.from({ length: partitions }, (_, partition) => partition).filter(
  (partition) => partition % nodes === node,
);
const leases = await cluster.take(mine);
const fence = {
  of: partitions,
  generations: new Map(leases.map((lease) => [lease.partition, lease.generation])),
};

const due = new Map<string, LaneProgress>();
/** Of each lane, the event after the last that was delivered: those that other nodes wrote are delivered with the next of one's own. */
const seen = new Map<string, number>();
store.onLanes((hints) => {
  const now = Date.now();
  for (const { streamId, behind, fresh, event } of hints) {
    if (event === undefined || !fence.generations.has(partitionOf(streamId, partitions))) continue;
    for (const endpointId of [...behind, ...fresh]) {
      const key = `${endpointId}/${streamId}`;
      const first = seen.get(key) ?? event.seq;
      seen.set(key, event.seq + 1);
      const before = due.get(key)?.delivered ?? { fromSeq: first, firstAt: now };
      const count = event.seq - before.fromSeq + 1;
      const delivered = { ...before, throughSeq: event.seq, count, lastAt: now };
      const lane = { endpointId, streamId, cursor: event.seq, acked: [], retries: [], dueAt: now };
      due.set(key, { ...lane, idle: true, replayedThrough: 0, delivered });
    }
  }
});

let random = 0;
async function load(seconds: number): Promise<StoreLoad> {
  const cpu = process.cpuUsage();
  const before = commits;
  const delays: number[] = [];
  const end = performance.now() + seconds * 1_000;
  let sent = 0;
  const sender = async () => {
    while (performance.now() < end) {
      random += 1;
      const groupId = groups[random % groups.length] ?? '';
      const begun = performance.now();
      const { kind } = await store.commit(message(groupId, random * nodes + node, Date.now()));
      if (kind !== 'sent') throw new Error(`a message was not taken: ${kind}`);
      delays[sent % DELAYS_KEPT] = performance.now() - begun;
      sent += 1;
    }
  };
  const checkpoints = setInterval(() => {
    const lanes = [...due.values()];
    due.clear();
    if (lanes.length === 0) return;
    const none = { attempts: [], deadLetters: [] };
    void store.commit({ type: 'checkpoint', now: Date.now(), generation, leases: fence, lanes, ...none });
  }, CHECKPOINT_MS);
  await Promise.all(Array.from({ length: CONNECTIONS / nodes }, sender));
  clearInterval(checkpoints);
  const { user, system } = process.cpuUsage(cpu);
  return {
    sent,
    cpuSeconds: (user + system) / 1e6,
    commits: commits - before,
    delays: delays.sort((a, b) => a - b),
  };
}

process.on('message', (seconds: number) => {
  void load(Number(seconds)).then((result) => process.send?.(result));
});
process.on('SIGTERM', () => void store.close().then(() => process.exit(0)));
process.send?.('ready');
