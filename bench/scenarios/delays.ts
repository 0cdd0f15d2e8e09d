import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Target } from '../processes/confab-config.ts';
import { startConfab } from '../processes/confab-server.ts';
import { startReceiver } from '../processes/receiver.ts';
import type { Bench } from '../scenario.ts';
import { warmUpSeconds } from './warm-up.ts';

export interface DelayRun {
  /** Messages per second that were sent. */
  readonly achieved: number;
  /** From commit to the end of delivery to the healthy endpoint, in ms. */
  readonly delays: number[];
}

const HEALTHY = 'healthy';

/** A healthy endpoint at `rate` messages per second, with `others` beside it. */
export async function measureDelays(
  bench: Bench,
  rate: number,
  others: readonly Target[] = [],
): Promise<DelayRun> {
  await using receiver = await startReceiver();
  await using server = await startConfab({
    folder: bench.newFolder(),
    endpoints: [{ name: HEALTHY, url: receiver.url }, ...others],
  });
  await server.createGroups();
  const warmUp = warmUpSeconds(rate);
  const seconds = bench.options.seconds + warmUp;
  const load = await server.load({ seconds, firstRandom: 1, rate });
  await receiver.settled(load.sent);
  await server.stop();
  const since = load.startedAt + warmUp * 1000;
  return { achieved: load.sent / load.seconds, delays: await delaysIn(server.logFile, since) };
}

/** Of what was delivered since then (unix ms), exact to the ms, out of the server's own log lines. */
async function delaysIn(logFile: string, since: number): Promise<number[]> {
  const delays: number[] = [];
  for await (const line of createInterface({ input: createReadStream(logFile) })) {
    if (!line.includes('"msg":"delivered"')) continue;
    const { time, delayMs, endpoint } = JSON.parse(line) as {
      time: number;
      delayMs: number;
      endpoint: string;
    };
    if (time >= since && endpoint === HEALTHY) delays.push(delayMs);
  }
  return delays;
}
