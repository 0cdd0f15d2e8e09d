import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { startConfab } from '../processes/confab-server.ts';
import { startReceiver } from '../processes/receiver.ts';
import { bars } from '../report/plot.ts';
import { percentile } from '../report/statistics.ts';
import type { Bench, ScenarioResult } from '../scenario.ts';
import { WARM_UP_SECONDS } from './warm-up.ts';

/** Upper ends in ms of the plot's bars. */
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, Number.POSITIVE_INFINITY];

/** From commit to the end of delivery, at half of what the server accepts and delivers at full load. */
export async function delay(bench: Bench): Promise<ScenarioResult> {
  const { pairs } = bench.options;
  const rate = (await bench.fullRate()) / 2;
  const runs: { achieved: number; delays: number[] }[] = [];
  for (let run = 1; run <= pairs; run += 1) {
    bench.progress(`${Math.round(rate)} messages/s, run ${run} of ${pairs}`);
    runs.push(await runOnce(bench, rate));
  }
  const summary = runs.map(({ achieved, delays }) => ({
    achieved,
    p50: percentile(delays, 0.5),
    p99: percentile(delays, 0.99),
    highest: percentile(delays, 1),
  }));
  return {
    figures: [
      { name: 'messages at half load', unit: '/s', samples: summary.map(({ achieved }) => achieved) },
      { name: 'commit to delivered at half load, p50', unit: 'ms', samples: summary.map(({ p50 }) => p50) },
      {
        name: 'commit to delivered at half load, p99',
        unit: 'ms',
        samples: summary.map(({ p99 }) => p99),
        reach: '≤ 50 ms',
      },
    ],
    plot: ['deliveries by their delay, all runs', ...histogram(runs.flatMap(({ delays }) => delays)), ''],
    raw: { rate, runs: summary },
  };
}

async function runOnce(bench: Bench, rate: number): Promise<{ achieved: number; delays: number[] }> {
  await using receiver = await startReceiver();
  await using server = await startConfab({
    folder: bench.newFolder(),
    endpoints: [{ name: 'healthy', url: receiver.url }],
  });
  await server.createGroups();
  const seconds = bench.options.seconds + WARM_UP_SECONDS;
  const load = await server.load({ seconds, firstRandom: 1, rate });
  await receiver.settled(load.sent);
  await server.stop();
  const since = load.startedAt + WARM_UP_SECONDS * 1000;
  return { achieved: load.sent / load.seconds, delays: await delaysIn(server.logFile, since) };
}

/** Of what was delivered since then (unix ms), exact to the ms, out of the server's own log lines. */
async function delaysIn(logFile: string, since: number): Promise<number[]> {
  const delays: number[] = [];
  for await (const line of createInterface({ input: createReadStream(logFile) })) {
    if (!line.includes('"msg":"delivered"')) continue;
    const { time, delayMs } = JSON.parse(line) as { time: number; delayMs: number };
    if (time >= since) delays.push(delayMs);
  }
  return delays;
}

function histogram(delays: readonly number[]): string[] {
  const rows = STEPS.map((upTo, index) => {
    const above = STEPS[index - 1] ?? -1;
    const value = delays.filter((ms) => ms > above && ms <= upTo).length;
    return { label: upTo === Number.POSITIVE_INFINITY ? `> ${above} ms` : `≤ ${upTo} ms`, value };
  });
  return bars(rows, 'deliveries');
}
