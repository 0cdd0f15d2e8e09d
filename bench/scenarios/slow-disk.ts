import { startConfab } from '../processes/confab-server.ts';
import { startReceiver } from '../processes/receiver.ts';
import { bars } from '../report/plot.ts';
import { median, percentile } from '../report/statistics.ts';
import type { Bench, ScenarioResult } from '../scenario.ts';
import { probeWhile } from './health-probe.ts';
import { inRounds } from './rounds.ts';
import { warmUpSeconds } from './warm-up.ts';

interface Run {
  readonly accepted: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * `GET /healthz`, which needs no store, while each commit takes 10 ms longer: an fsync that held the event loop would show. One
 * endpoint is healthy, one hangs. At half load it shows the event loop; at full load, also the queue of 64 requests before it.
 */
export async function slowDisk(bench: Bench): Promise<ScenarioResult> {
  const { pairs } = bench.options;
  const rate = (await bench.fullRate()) / 2;
  const step = (name: string, round: number) => bench.progress(`${name}, run ${round + 1} of ${pairs}`);
  const runs = await inRounds(pairs, {
    'half load': async (round) => {
      step('fsync + 10 ms, half load', round);
      return await runOnce(bench, { slowDisk: true, rate });
    },
    'full load': async (round) => {
      step('fsync + 10 ms, full load', round);
      return await runOnce(bench, { slowDisk: true });
    },
    'half load, fsync as it is': async (round) => {
      step('fsync as it is, half load', round);
      return await runOnce(bench, { slowDisk: false, rate });
    },
  });
  const p99s = (name: keyof typeof runs) => runs[name].map(({ p99 }) => p99);
  return {
    figures: [
      {
        name: '/healthz with fsync + 10 ms at half load, p99',
        unit: 'ms',
        samples: p99s('half load'),
        reach: '≤ 5 ms',
      },
      {
        name: '/healthz with fsync + 10 ms at full load, p99',
        unit: 'ms',
        samples: p99s('full load'),
        reach: '≤ 5 ms',
      },
      {
        name: '/healthz with fsync as it is at half load, p99',
        unit: 'ms',
        samples: p99s('half load, fsync as it is'),
      },
      {
        name: 'accepted messages with fsync + 10 ms',
        unit: '/s',
        samples: runs['full load'].map(({ accepted }) => accepted),
      },
    ],
    plot: [
      'GET /healthz, p99, median',
      ...bars(
        (Object.keys(runs) as (keyof typeof runs)[]).map((label) => ({ label, value: median(p99s(label)) })),
        'ms',
      ),
      '',
    ],
    raw: runs,
  };
}

async function runOnce(
  bench: Bench,
  { slowDisk, rate }: { readonly slowDisk: boolean; readonly rate?: number },
): Promise<Run> {
  await using receiver = await startReceiver();
  await using hanging = await startReceiver({ mode: 'hang' });
  await using server = await startConfab({
    folder: bench.newFolder(),
    endpoints: [
      { name: 'healthy', url: receiver.url },
      { name: 'hanging', url: hanging.url },
    ],
    slowDisk,
  });
  await server.createGroups();
  const warmUp = warmUpSeconds(rate);
  const running = server.load({
    seconds: bench.options.seconds + warmUp,
    firstRandom: 1,
    ...(rate === undefined ? {} : { rate }),
  });
  const times = await probeWhile(`${server.url}/healthz`, running, warmUp * 1000);
  const { sent, seconds } = await running;
  return { accepted: sent / seconds, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}
