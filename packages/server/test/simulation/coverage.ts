export type CoverageEntry = readonly [fault: string, call: string, count: number];

/** Which fault met which call, and how often. */
export class Coverage {
  readonly #counts = new Map<string, Map<string, number>>();

  /** All of these together. */
  static of(...entries: readonly (readonly CoverageEntry[])[]): Coverage {
    const coverage = new Coverage();
    for (const [fault, call, count] of entries.flat()) coverage.add(fault, call, count);
    return coverage;
  }

  add(fault: string, call: string, count = 1): void {
    let calls = this.#counts.get(fault);
    if (calls === undefined) {
      calls = new Map();
      this.#counts.set(fault, calls);
    }
    calls.set(call, (calls.get(call) ?? 0) + count);
  }

  count(fault: string, call: string): number {
    return this.#counts.get(fault)?.get(call) ?? 0;
  }

  /** Everything counted, as a plain value: fault, call, how often. */
  entries(): CoverageEntry[] {
    return [...this.#counts].flatMap(([fault, calls]) =>
      [...calls].map(([call, count]): CoverageEntry => [fault, call, count]),
    );
  }

  /** The faults that met something, in the order of the alphabet. */
  faults(): string[] {
    return [...this.#counts.keys()].sort();
  }

  /** The calls that met a fault, in the order of the alphabet. */
  calls(): string[] {
    return [...new Set([...this.#counts.values()].flatMap((calls) => [...calls.keys()]))].sort();
  }
}
