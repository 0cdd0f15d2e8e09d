import type { History } from './history.ts';
import type { Plan } from './plan.ts';

/** Tries at most so many plans; each takes a few milliseconds. */
const TRIES = 2_000;

/**
 * The shortest plan found that breaks the same rule: takes away steps and faults in ever smaller pieces as long as it is
 * still broken. Greedy, so that it is a short one, not surely the shortest.
 */
export async function shrink(plan: Plan, rule: string, run: (plan: Plan) => Promise<History>): Promise<Plan> {
  let best = plan;
  let tries = 0;
  const breaks = async (candidate: Plan): Promise<boolean> => {
    tries += 1;
    return tries <= TRIES && (await run(candidate)).violation?.rule === rule;
  };
  let shrunk = true;
  while (shrunk && tries < TRIES) {
    shrunk = false;
    for (const part of ['steps', 'faults', 'endpoints'] as const) {
      for (let size = best[part].length; size >= 1; size = Math.floor(size / 2)) {
        for (let from = 0; from < best[part].length; ) {
          const candidate = { ...best, [part]: best[part].toSpliced(from, size) };
          if (await breaks(candidate)) {
            best = candidate;
            shrunk = true;
          } else from += size;
        }
      }
    }
  }
  return best;
}
