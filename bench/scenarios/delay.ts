import { bars } from '../report/plot.ts';
import { percentile } from '../report/statistics.ts';
import type { Bench, ScenarioResult } from '../scenario.ts';
import { type DelayRun, measureDelays } from './delays.ts';

/** Upper ends in ms of the plot's bars. */
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, Number.POSITIVE_INFINITY];

/** From commit to the end of delivery, at half of what the server accepts and delivers at full load. */
export async function delay(bench: Bench): Promise<ScenarioResult> {
  const { pairs } = bench.options;
  const rate = (await bench.fullRate()) / 2;
  const runs: DelayRun[] = [];
  for (let run = 1; run <= pairs; run += 1) {
    bench.progress(`${Math.round(rate)} messages/s, run ${run} of ${pairs}`);
    runs.push(await measureDelays(bench, rate));
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

function histogram(delays: readonly number[]): string[] {
  const rows = STEPS.map((upTo, index) => {
    const above = STEPS[index - 1] ?? -1;
    const value = delays.filter((ms) => ms > above && ms <= upTo).length;
    return { label: upTo === Number.POSITIVE_INFINITY ? `> ${above} ms` : `≤ ${upTo} ms`, value };
  });
  return bars(rows, 'deliveries');
}
