import { Prng } from '../simulation/prng.ts';
import { startReceiver } from '../support/scripted-receiver.ts';
import { ServerProcess } from '../support/server-process.ts';
import { KILL_POINTS } from './kill-point.ts';
import { Ledger } from './ledger.ts';
import { readOut } from './read-out.ts';
import { Senders } from './senders.ts';

/** `under load`: SIGKILL from outside at a random moment; the others: at that point of a transaction. */
export const KILLS = ['under load', ...KILL_POINTS] as const;
export type Kill = (typeof KILLS)[number];

export interface KillRun {
  readonly kills: Readonly<Record<Kill, number>>;
  readonly acknowledged: number;
  readonly arrived: number;
  readonly repeats: number;
  readonly longestRepeatMs: number;
  readonly broken: readonly string[];
}

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  readonly onKill?: (done: number) => void;
}

const GROUPS = 8;
const SENDERS = 16;
/** Sends or transactions until a death, at most. */
const LONGEST_LIFE = 60;
const SENDS_PER_TRANSACTION = 3;
/** A checkpoint is at most 50 ms old (invariant 6); the rest is for a busy machine. */
const REPEAT_WITHIN_MS = 2_000;
/** Longer than a busy machine keeps an answer waiting: then nothing but a kill makes an attempt fail. */
const TIMEOUT_MS = 30_000;
/** After the last start, what is still to come has this long. */
const SETTLE_WITHIN_MS = 60_000;
const WORKER = new URL('./dying-worker.ts', import.meta.url);

/**
 * A server process under load that is killed again and again while its receiver writes down what arrives. Senders repeat what was
 * not answered, with the same `Random`, until it is.
 */
export async function runKills({ kills, seed, onKill }: KillOptions): Promise<KillRun> {
  const ledger = new Ledger(REPEAT_WITHIN_MS);
  const counts: Record<Kill, number> = {
    'under load': 0,
    'before BEGIN': 0,
    'before COMMIT': 0,
    'after COMMIT': 0,
  };
  await using receiver = await startReceiver(({ body }) => {
    ledger.hear(body);
    return {};
  });
  const endpoint = { timeoutMs: TIMEOUT_MS };
  await using server = new ServerProcess(receiver.url, { storeScript: WORKER, endpoint });
  const random = new Prng(seed);
  const senders = new Senders(server, ledger, { groups: GROUPS, count: SENDERS });
  await server.start();
  await senders.createGroups();
  await server.stop();
  for (let done = 0; done < kills; done += 1) {
    const kill = KILLS[done % KILLS.length] ?? 'under load';
    const life = random.between(1, LONGEST_LIFE);
    const outside = kill === 'under load';
    const up = await server.start(outside ? {} : { CONFAB_TEST_DIE: `${kill}/${life}` });
    if (up) await senders.untilDeath(() => server.kill(), outside ? life * SENDS_PER_TRANSACTION : undefined);
    else await server.kill();
    await readOut(ledger, server.diedAt, () => receiver.idle());
    counts[kill] += 1;
    onKill?.(done + 1);
  }
  await server.start();
  await senders.finish();
  const deadline = AbortSignal.timeout(SETTLE_WITHIN_MS);
  const over = new Promise<void>((resolve) => deadline.addEventListener('abort', () => resolve()));
  while (ledger.missing().length > 0 && !deadline.aborted) {
    await Promise.race([receiver.waitFor(receiver.requests.length + 1), over]);
  }
  ledger.close();
  const { acknowledged, arrived, repeats, longestRepeatMs, broken } = ledger;
  return { kills: counts, acknowledged, arrived, repeats, longestRepeatMs, broken };
}
