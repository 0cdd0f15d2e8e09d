import { type Bar, bars } from '../report/plot.ts';
import { median, ratios } from '../report/statistics.ts';
import type { Bench, Figure, ScenarioResult } from '../scenario.ts';
import { type FreshAndWarm, type FullLoad, loadConfabTwice, loadLeastTwice, sustained } from './full-load.ts';
import { inRounds } from './rounds.ts';

const RATES = ['accepted', 'delivered'] as const;

/**
 * Accepted and delivered messages per second at full load, alone and as a ratio to the yardstick's least server: once V8 has compiled
 * what runs often, and, for comparison, from the first request of a fresh process on.
 */
export async function throughput(bench: Bench): Promise<ScenarioResult> {
  const { leastServer, options } = bench;
  const step = (name: string, round: number) =>
    bench.progress(`${name}, run ${round + 1} of ${options.pairs}`);
  const runs = await inRounds<'confab' | 'least', FreshAndWarm | undefined>(options.pairs, {
    least: async (round) => {
      if (leastServer === undefined) return undefined;
      step('least server', round);
      return await loadLeastTwice(bench, leastServer);
    },
    confab: async (round) => {
      step('Confab', round);
      return await loadConfabTwice(bench);
    },
  });
  const both = runs.confab.filter((run) => run !== undefined);
  const leastBoth = runs.least.filter((run) => run !== undefined);
  const confab = both.map(({ warm }) => warm);
  const least = leastBoth.map(({ warm }) => warm);
  const fresh = both.map((run) => run.fresh);
  return {
    figures: [
      ...RATES.flatMap((rate) => figuresOf(rate, confab, least)),
      ...freshFigures(
        fresh,
        leastBoth.map((run) => run.fresh),
      ),
      orderFigure([...fresh, ...confab]),
    ],
    plot: RATES.flatMap((rate) => [
      `${rate} messages/s, run by run`,
      ...bars(inTurn(rate, confab, least), '/s'),
      '',
    ]),
    raw: { confab: both, least: leastBoth },
    fullRate: median(confab.map(sustained)),
  };
}

function figuresOf(
  rate: (typeof RATES)[number],
  confab: readonly FullLoad[],
  least: readonly FullLoad[],
): Figure[] {
  const samples = confab.map((run) => run[rate]);
  const own: Figure = { name: `${rate} messages`, unit: '/s', samples };
  if (least.length === 0) return [own];
  const base = least.map((run) => run[rate]);
  return [
    own,
    { name: `${rate} messages, least server`, unit: '/s', samples: base },
    {
      name: `${rate} messages, ratio to the least server`,
      unit: '',
      samples: ratios(samples, base),
      reach: '≥ 0.6',
    },
  ];
}

function freshFigures(confab: readonly FullLoad[], least: readonly FullLoad[]): Figure[] {
  if (least.length === 0) return [];
  return RATES.map((rate) => ({
    name: `${rate}, ratio in the first seconds of fresh processes`,
    unit: '',
    samples: ratios(
      confab.map((run) => run[rate]),
      least.map((run) => run[rate]),
    ),
  }));
}

function orderFigure(confab: readonly FullLoad[]): Figure {
  const samples = confab.map(({ outOfOrder, repeated }) => outOfOrder + repeated);
  return { name: 'webhooks out of order or repeated', unit: '', samples, reach: '0' };
}

function inTurn(
  rate: (typeof RATES)[number],
  confab: readonly FullLoad[],
  least: readonly FullLoad[],
): Bar[] {
  return confab.flatMap((run, index) => {
    const other = least[index];
    return [
      ...(other === undefined ? [] : [{ label: `${index + 1} least`, value: other[rate] }]),
      { label: `${index + 1} Confab`, value: run[rate] },
    ];
  });
}
