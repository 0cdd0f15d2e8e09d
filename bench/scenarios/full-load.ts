import { type Load, type LoadResult, runLoad } from '../load/load.ts';
import type { Target } from '../processes/confab-config.ts';
import { startConfab } from '../processes/confab-server.ts';
import { startLeast } from '../processes/least-server.ts';
import { type Receiver, startReceiver } from '../processes/receiver.ts';
import type { ReceiverCounts } from '../processes/receiver-process.ts';
import type { Bench } from '../scenario.ts';

const NOTHING = { received: 0, outOfOrder: 0, repeated: 0 };
/** More than the load generator can have sent without an answer when it ended. */
const UNANSWERED = 1_000;

/** What one full load came to. */
export interface FullLoad {
  readonly sent: number;
  /** Per second. */
  readonly accepted: number;
  /** Per second: the receiver's count over the time from the start of the load until it had them all. */
  readonly delivered: number;
  readonly outOfOrder: number;
  readonly repeated: number;
}

/** What it both accepts and delivers. */
export function sustained({ accepted, delivered }: FullLoad): number {
  return Math.min(accepted, delivered);
}

/** The same load twice: on a process that has just been started, and on the same one after that. */
export interface FreshAndWarm {
  readonly fresh: FullLoad;
  readonly warm: FullLoad;
}

/** The real server, just started, under full load with a healthy endpoint, and `others` beside it. */
export async function loadConfab(bench: Bench, others: readonly Target[] = []): Promise<FullLoad> {
  return await withConfab(bench, { others }, async (run) => await run());
}

export async function loadConfabTwice(bench: Bench): Promise<FreshAndWarm> {
  return await withConfab(bench, {}, async (run) => ({ fresh: await run(), warm: await run() }));
}

/** The yardstick's least server under the same loads. */
export async function loadLeastTwice(bench: Bench, script: URL): Promise<FreshAndWarm> {
  await using receiver = await startReceiver();
  await using server = await startLeast(script, bench.newFolder(), receiver.url);
  const run = measuring(bench, receiver, (load) => runLoad({ url: server.sendUrl, ...load }));
  return { fresh: await run(), warm: await run() };
}

/** The same server as long as `use` takes, which runs one load after the other. `store` absent: SQLite. */
export async function withConfab<Result>(
  bench: Bench,
  { others = [], store }: { readonly others?: readonly Target[]; readonly store?: string },
  use: (run: () => Promise<FullLoad>) => Promise<Result>,
): Promise<Result> {
  await using receiver = await startReceiver();
  const endpoints = [{ name: 'healthy', url: receiver.url }, ...others];
  await using server = await startConfab({
    folder: bench.newFolder(),
    endpoints,
    ...(store !== undefined && { store }),
  });
  await server.createGroups();
  return await use(measuring(bench, receiver, (load) => server.load(load)));
}

/** Runs one load after the other, with no message of one like one of another. */
function measuring(
  { options }: Bench,
  receiver: Receiver,
  load: (load: Omit<Load, 'url'>) => Promise<LoadResult>,
): () => Promise<FullLoad> {
  let before: Pick<ReceiverCounts, 'received' | 'outOfOrder' | 'repeated'> = NOTHING;
  return async () => {
    const firstRandom = before.received + UNANSWERED + 1;
    const { sent, seconds, startedAt } = await load({ seconds: options.seconds, firstRandom });
    const now = await receiver.settled(before.received + sent);
    const result = {
      sent,
      accepted: sent / seconds,
      delivered: (now.received - before.received) / ((now.lastAt - startedAt) / 1000),
      outOfOrder: now.outOfOrder - before.outOfOrder,
      repeated: now.repeated - before.repeated,
    };
    before = now;
    return result;
  };
}
