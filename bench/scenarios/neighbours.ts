import { freePort } from '../processes/free-port.ts';
import { startReceiver } from '../processes/receiver.ts';
import { bars } from '../report/plot.ts';
import { median, ratios } from '../report/statistics.ts';
import type { Bench, Figure, ScenarioResult } from '../scenario.ts';
import { type FullLoad, loadConfab } from './full-load.ts';
import { inRounds } from './rounds.ts';

/** Full load with an endpoint B beside the healthy A that never answers, or that nobody listens at, against A alone. */
export async function neighbours(bench: Bench): Promise<ScenarioResult> {
  const { pairs } = bench.options;
  const step = (name: string, round: number) => bench.progress(`${name}, run ${round + 1} of ${pairs}`);
  const runs = await inRounds(pairs, {
    alone: async (round) => {
      step('A alone', round);
      return await loadConfab(bench);
    },
    hanging: async (round) => {
      step('A beside a hanging B', round);
      await using hanging = await startReceiver({ mode: 'hang' });
      return await loadConfab(bench, [{ name: 'hanging', url: hanging.url }]);
    },
    dead: async (round) => {
      step('A beside a dead B', round);
      return await loadConfab(bench, [{ name: 'dead', url: `http://127.0.0.1:${await freePort()}` }]);
    },
  });
  return {
    figures: [
      ...besideFigures('hanging', runs.hanging, runs.alone),
      ...besideFigures('dead', runs.dead, runs.alone),
    ],
    plot: [
      'messages/s delivered to A, median',
      ...bars(
        (['alone', 'hanging', 'dead'] as const).map((label) => ({
          label: label === 'alone' ? 'A alone' : `B ${label}`,
          value: median(runs[label].map(({ delivered }) => delivered)),
        })),
        '/s',
      ),
      '',
    ],
    raw: runs,
  };
}

function besideFigures(how: string, beside: readonly FullLoad[], alone: readonly FullLoad[]): Figure[] {
  const samples = (rate: 'accepted' | 'delivered') =>
    ratios(
      beside.map((run) => run[rate]),
      alone.map((run) => run[rate]),
    );
  return [
    { name: `sends, B ${how}, ratio to A alone`, unit: '', samples: samples('accepted'), reach: '≥ 0.9' },
    {
      name: `delivered to A, B ${how}, ratio to A alone`,
      unit: '',
      samples: samples('delivered'),
      reach: '≥ 0.9',
    },
  ];
}
