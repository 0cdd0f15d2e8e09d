import { freePort } from '../processes/free-port.ts';
import { bars } from '../report/plot.ts';
import { median, percentileOfRounded, ratios } from '../report/statistics.ts';
import type { Bench, ScenarioResult } from '../scenario.ts';
import { type DelayRun, measureDelays } from './delays.ts';
import { inRounds } from './rounds.ts';

const DEAD = 99;
/** Of what the server takes with one endpoint: each message falls to a hundred here. */
const SHARE_OF_FULL_RATE = 1 / 4;

/** The delay of a healthy endpoint with 99 dead ones beside it that want every message too, against the same without them. */
export async function crowd(bench: Bench): Promise<ScenarioResult> {
  const { pairs } = bench.options;
  const rate = (await bench.fullRate()) * SHARE_OF_FULL_RATE;
  const url = `http://127.0.0.1:${await freePort()}`;
  const dead = Array.from({ length: DEAD }, (_, index) => ({ name: `dead-${index + 1}`, url }));
  const step = (name: string, round: number) =>
    bench.progress(`${Math.round(rate)} messages/s, ${name}, run ${round + 1} of ${pairs}`);
  const runs = await inRounds(pairs, {
    alone: async (round) => {
      step('one healthy endpoint', round);
      return await measureDelays(bench, rate);
    },
    beside: async (round) => {
      step(`beside ${DEAD} dead ones`, round);
      return await measureDelays(bench, rate, dead);
    },
  });
  const p99s = (of: readonly DelayRun[]) => of.map(({ delays }) => percentileOfRounded(delays, 0.99));
  const [alone, beside] = [p99s(runs.alone), p99s(runs.beside)];
  return {
    figures: [
      { name: 'commit to delivered at a quarter of full load, p99', unit: 'ms', samples: alone },
      { name: `the same beside ${DEAD} dead endpoints, p99`, unit: 'ms', samples: beside },
      { name: 'ratio of the two', unit: '', samples: ratios(beside, alone), reach: '≤ 1.5' },
    ],
    plot: [
      'commit to delivered, p99, median',
      ...bars(
        [
          { label: 'alone', value: median(alone) },
          { label: `beside ${DEAD} dead`, value: median(beside) },
        ],
        'ms',
      ),
      '',
    ],
    raw: { rate, alone, beside, sent: runs.beside.map(({ achieved }) => achieved) },
  };
}
