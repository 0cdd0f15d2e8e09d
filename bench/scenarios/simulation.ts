import { Prover } from '../../packages/server/test/simulation/prover.ts';
import type { Bench, ScenarioResult } from '../scenario.ts';

/** Seeds between two looks at the clock. */
const BLOCK = 100;
const WARM_UP = 3_000;
const QUICK_WARM_UP = 300;

/**
 * Histories of the proof that one thread simulates in a second. Only those count that the proof is about: with 20 sends and 3 faults that
 * struck, or more; the others take their time all the same.
 */
export async function simulation({ options, progress }: Bench): Promise<ScenarioResult> {
  const prover = new Prover();
  const warmUp = options.quick ? QUICK_WARM_UP : WARM_UP;
  progress(`${warmUp.toLocaleString('en-US')} histories, until V8 has compiled what runs often`);
  await prover.prove(0, warmUp);
  let seed = warmUp;
  const samples: number[] = [];
  for (let run = 1; run <= options.pairs; run += 1) {
    progress(`run ${run} of ${options.pairs}`);
    let full = 0;
    const begun = performance.now();
    while (performance.now() - begun < options.seconds * 1000) {
      full += (await prover.prove(seed, BLOCK)).full;
      seed += BLOCK;
    }
    samples.push(full / ((performance.now() - begun) / 1000));
  }
  const figure = { name: 'histories simulated by one thread', unit: '/s', samples, reach: '≥ 300/s' };
  return { figures: [figure], plot: [], raw: samples };
}
