/** The middle one; of an even number, the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  return (percentile(values, 0.5, Math.ceil) + percentile(values, 0.5, (rank) => Math.floor(rank) + 1)) / 2;
}

/** The smallest value that at least the share `p` (0 to 1) of all values does not exceed. NaN of none. */
export function percentile(values: readonly number[], p: number, rankOf = Math.ceil): number {
  const sorted = Float64Array.from(values).sort();
  const rank = Math.min(sorted.length, Math.max(1, rankOf(p * sorted.length)));
  return sorted[rank - 1] ?? Number.NaN;
}

/**
 * The percentile of values that are known as whole numbers alone: those with the same number are taken to lie evenly from a half
 * below it to a half above. For ratios, since between 3 and 4 ms lies a third.
 */
export function percentileOfRounded(values: readonly number[], p: number): number {
  const number = percentile(values, p);
  const below = values.filter((value) => value < number).length;
  const same = values.filter((value) => value === number).length;
  return number - 0.5 + (p * values.length - below) / same;
}

/** Pair by pair, as many as both have. */
export function ratios(values: readonly number[], bases: readonly number[]): number[] {
  return values.slice(0, bases.length).map((value, index) => value / (bases[index] ?? Number.NaN));
}
