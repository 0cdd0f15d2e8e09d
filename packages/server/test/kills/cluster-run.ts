import { Prng } from '../simulation/prng.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { pause } from '../support/real-time.ts';
import { startReceiver } from '../support/scripted-receiver.ts';
import { ServerProcess } from '../support/server-process.ts';
import { Ledger } from './ledger.ts';
import { Nodes } from './nodes.ts';
import { Senders } from './senders.ts';

/** What happens to three nodes on one PostgreSQL. `killed, and taken over` is measured: nothing else happens meanwhile. */
export const FAULTS = [
  'node killed, and taken over',
  'node killed',
  'node paused',
  'node stopped in order',
  'database killed',
  'database restarted',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface ClusterRun {
  readonly faults: Readonly<Record<Fault, number>>;
  readonly acknowledged: number;
  readonly arrived: number;
  readonly repeats: number;
  readonly mostRepeats: number;
  readonly longestRepeatMs: number;
  /** Of each measured kill: ms until every group's messages arrived again. */
  readonly takeOvers: readonly number[];
  readonly broken: readonly string[];
}

export interface ClusterOptions {
  readonly faults: number;
  readonly seed: number;
  readonly onFault?: (done: number, fault: Fault) => void;
}

const NODES = 3;
/** So many that every node has some of them. */
const GROUPS = 64;
const SENDERS = 16;
/** A checkpoint is at most 50 ms old (invariant 6); a node whose store is away begins nothing more once its progress is 1 s old. */
const REPEAT_WITHIN_MS = 2_000;
/** Requests that a paused node has on the way when it stops, or was about to send, arrive so long after it woke up. */
const LATE_MS = 2_000;
/** Longer than a busy machine keeps an answer waiting: then nothing but the faults makes an attempt fail. */
const TIMEOUT_MS = 30_000;
/** So long a client waits for a node before it asks another. */
const PATIENCE_MS = 1_500;
const SETTLE_WITHIN_MS = 120_000;

/**
 * Three real servers on one real PostgreSQL under load, of which nodes and the database are killed, paused and stopped at random, often
 * several at a time, while the receiver writes down what arrives. In the second half nodes tell one another nothing.
 */
export async function runCluster({ faults, seed, onFault }: ClusterOptions): Promise<ClusterRun> {
  const random = new Prng(seed);
  const ledger = new Ledger(REPEAT_WITHIN_MS);
  const lastOf = new Map<string, number>();
  await using receiver = await startReceiver(({ body }) => {
    const group = ledger.hear(body);
    if (group !== undefined) lastOf.set(group, Date.now());
    return {};
  });
  await using database = await PostgresServer.start({ settings: ['fsync = on', 'full_page_writes = on'] });
  const store = database.url();
  await using servers = new AsyncDisposableStack();
  const endpoint = { timeoutMs: TIMEOUT_MS };
  const processes = Array.from({ length: NODES }, () =>
    servers.use(new ServerProcess(receiver.url, { store, patienceMs: PATIENCE_MS, endpoint })),
  );
  const nodes = new Nodes(processes, ledger, LATE_MS);
  await nodes.startAll({});
  const senders = new Senders(nodes, ledger, { groups: GROUPS, count: SENDERS });
  await senders.createGroups();
  let over = false;
  const sending = senders.until(() => over);
  const counts = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
  const takeOvers: number[] = [];
  for (let done = 0; done < faults; done += 1) {
    if (done === Math.ceil(faults / 2)) nodes.env = { CONFAB_CLUSTER_NOTICES: 'false' };
    const fault = FAULTS[done % FAULTS.length] ?? 'node killed';
    if (fault === 'node killed, and taken over') {
      await nodes.allWell();
      await nodes.killOne(random, async (at) => takeOvers.push(await silenceAfter(at, lastOf)));
    } else if (fault === 'node killed') await nodes.killOne(random);
    else if (fault === 'node paused') await nodes.pauseOne(random);
    else if (fault === 'node stopped in order') await nodes.stopOne(random);
    else {
      const ended = ledger.fault(Date.now());
      if (fault === 'database killed') await database.kill();
      else await database.down();
      await pause(random.between(0, 3_000));
      await database.up();
      ended(Date.now() + LATE_MS);
    }
    counts[fault] += 1;
    onFault?.(done + 1, fault);
    await pause(random.between(200, 2_500));
  }
  await nodes.allWell();
  over = true;
  await sending;
  await senders.finish();
  const deadline = Date.now() + SETTLE_WITHIN_MS;
  while (ledger.missing().length > 0 && Date.now() < deadline) await pause(100);
  ledger.close();
  const { acknowledged, arrived, repeats, mostRepeats, longestRepeatMs, broken } = ledger;
  return { faults: counts, acknowledged, arrived, repeats, mostRepeats, longestRepeatMs, takeOvers, broken };
}

/** Milliseconds until something new has arrived in every group; they all get messages all the time. */
async function silenceAfter(at: number, lastOf: ReadonlyMap<string, number>): Promise<number> {
  const groups = Array.from({ length: GROUPS }, (_, index) => `g${index}`);
  const firsts = new Map<string, number>();
  while (firsts.size < GROUPS) {
    for (const group of groups) {
      const last = lastOf.get(group) ?? 0;
      // What was under way when it died does not show that anybody has taken over.
      if (!firsts.has(group) && last > at + 500) firsts.set(group, last);
    }
    await pause(20);
  }
  return Math.max(...firsts.values()) - at;
}
