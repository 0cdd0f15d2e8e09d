/**
 * Runs each variant once per round, one after the other, in turns forwards and backwards: what changes on the machine over time
 * meets all of them alike. `Result[]` has one entry per round.
 */
export async function inRounds<Name extends string, Result>(
  rounds: number,
  variants: Readonly<Record<Name, (round: number) => Promise<Result>>>,
): Promise<Record<Name, Result[]>> {
  const names = Object.keys(variants) as Name[];
  const results = Object.fromEntries<Result[]>(names.map((name) => [name, []])) as Record<Name, Result[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      results[name].push(await variants[name](round));
    }
  }
  return results;
}
