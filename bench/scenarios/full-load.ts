import { type Load, type LoadResult, runLoad } from '../load/load.ts';
import type { Target } from '../processes/confab-config.ts';
import { startConfab } from '../processes/confab-server.ts';
import { startLeast } from '../processes/least-server.ts';
import { type Receiver, startReceiver } from '../processes/receiver.ts';
import type { Bench } from '../scenario.ts';

/** What one full load came to, per second. */
export interface FullLoad {
  readonly accepted: number;
  /** The receiver's count over the time from the start of the load until it had them all. */
  readonly delivered: number;
  readonly outOfOrder: number;
  readonly repeated: number;
}

/** What it both accepts and delivers. */
export function sustained({ accepted, delivered }: FullLoad): number {
  return Math.min(accepted, delivered);
}

/** The real server under full load with a healthy endpoint, and `others` beside it. */
export async function loadConfab(bench: Bench, others: readonly Target[] = []): Promise<FullLoad> {
  await using receiver = await startReceiver();
  const endpoints = [{ name: 'healthy', url: receiver.url }, ...others];
  await using server = await startConfab({ folder: bench.newFolder(), endpoints });
  await server.createGroups();
  return await measure(bench, receiver, (load) => server.load(load));
}

/** The yardstick's least server under the same load. */
export async function loadLeast(bench: Bench, script: URL): Promise<FullLoad> {
  await using receiver = await startReceiver();
  await using server = await startLeast(script, bench.newFolder(), receiver.url);
  return await measure(bench, receiver, (load) => runLoad({ url: server.sendUrl, ...load }));
}

async function measure(
  { options }: Bench,
  receiver: Receiver,
  load: (load: Omit<Load, 'url'>) => Promise<LoadResult>,
): Promise<FullLoad> {
  const { sent, seconds, startedAt } = await load({ seconds: options.seconds, firstRandom: 1 });
  const { received, lastAt, outOfOrder, repeated } = await receiver.settled(sent);
  return {
    accepted: sent / seconds,
    delivered: received / ((lastAt - startedAt) / 1000),
    outOfOrder,
    repeated,
  };
}
