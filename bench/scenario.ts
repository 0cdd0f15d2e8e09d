import type { Options } from './options.ts';

/** One row of the table. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** Of each run; the table shows their median, and the range when there are several. */
  readonly samples: readonly number[];
  /** What it should reach, as the table prints it. */
  readonly reach?: string;
}

export interface ScenarioResult {
  readonly figures: readonly Figure[];
  /** Lines of text that show how the numbers came about. */
  readonly plot: readonly string[];
  /** Everything measured, for `--json`. */
  readonly raw: unknown;
  /** What `Bench.fullRate` tells from now on. */
  readonly fullRate?: number;
}

/** What a scenario works with. */
export interface Bench {
  readonly options: Options;
  /** The yardstick's least server, copied to where it finds its packages; undefined when the folder is not there. */
  readonly leastServer: URL | undefined;
  /** A new empty folder, removed at the end. */
  newFolder(): string;
  /** Messages per second that the server both accepts and delivers at full load; measured when no scenario has told it. */
  fullRate(): Promise<number>;
  progress(line: string): void;
}

export type Scenario = (bench: Bench) => Promise<ScenarioResult>;
