import { duration } from './duration.ts';

export interface Step {
  /** What is being done, in a word or two. */
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** Of what; rows if absent. */
  readonly unit?: string;
}

/** Shows how far a long piece of work is. */
export interface Progress {
  show(step: Step): void;
  /** Leaves the line: what follows stands below it. */
  end(): void;
}

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const BAR = 24;
/** A terminal is written to at most ten times a second, a log file every five. */
const TERMINAL_MS = 100;
const PLAIN_MS = 5_000;

/** A bar that moves on a terminal, a line every few seconds elsewhere. `now` is monotonic ms. */
export function progressOn(output: Output, now: () => number): Progress {
  const terminal = output.isTTY === true;
  let shownAt = Number.NEGATIVE_INFINITY;
  let started: { readonly phase: string; readonly at: number; readonly done: number } | undefined;
  let open = false;
  return {
    show({ label, done, total, unit = 'rows' }) {
      const at = now();
      const phase = label.split(' ')[0] ?? '';
      if (started?.phase !== phase) started = { phase, at, done };
      const complete = done >= total;
      if (!complete && at - shownAt < (terminal ? TERMINAL_MS : PLAIN_MS)) return;
      shownAt = at;
      const text = lineOf({ label, done, total, unit }, (done - started.done) / ((at - started.at) / 1_000));
      if (terminal) output.write(`\r${text.slice(0, (output.columns ?? 80) - 1)}\u001b[K`);
      else output.write(`${text}\n`);
      open = terminal;
    },
    end() {
      if (open) output.write('\n');
      open = false;
    },
  };
}

function lineOf({ label, done, total, unit }: Step, rate: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * BAR);
  const bar = `[${'#'.repeat(filled)}${' '.repeat(BAR - filled)}]`;
  const known = Number.isFinite(rate) && rate > 0;
  const left = known && done < total ? `, ${duration(((total - done) / rate) * 1_000)} left` : '';
  const speed = known ? `, ${count(Math.round(rate))}/s` : '';
  return `${bar} ${Math.floor(share * 100)} % ${label}: ${count(done)} of ${count(total)} ${unit}${speed}${left}`;
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}
