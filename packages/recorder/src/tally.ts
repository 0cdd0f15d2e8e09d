import type { Outcome, RefusalCode } from '@confab-im/receiver';

/** What became of the requests since the start; nothing of it is stored. */
export interface RequestCounts {
  readonly recorded: number;
  readonly duplicates: number;
  /** Well-formed events of other commands: answered OK, not recorded. */
  readonly ignored: number;
  /** Could not be written; answered 500, so that the sender tries again. */
  readonly failed: number;
  /** Not written when the answer was due, or too many at once; answered 503. */
  readonly late: number;
  readonly refused: { readonly [code in RefusalCode]?: number };
}

/** A request that was not recorded, and why. */
export interface Problem {
  readonly kind: 'refused' | 'failed';
  /** Why a request was refused; absent when it failed. */
  readonly code?: RefusalCode;
  /** A sentence for people. */
  readonly why: string;
}

export interface Tally {
  add(outcome: Outcome): Problem | undefined;
  recorded(duplicate: boolean): void;
  counts(): RequestCounts;
}

export function createTally(): Tally {
  const count = { recorded: 0, duplicates: 0, ignored: 0, failed: 0, late: 0 };
  const refused: { [code in RefusalCode]?: number } = {};
  return {
    recorded(duplicate) {
      count[duplicate ? 'duplicates' : 'recorded'] += 1;
    },
    add(outcome) {
      switch (outcome.kind) {
        case 'refused': {
          const { code, why } = outcome.refused;
          refused[code] = (refused[code] ?? 0) + 1;
          return { kind: 'refused', code, why };
        }
        case 'failed': {
          count.failed += 1;
          const { error } = outcome;
          return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
        }
        case 'ignored':
          count.ignored += 1;
          return undefined;
        case 'late':
        case 'busy':
        case 'overloaded':
          count.late += 1;
          return undefined;
        default:
          return undefined;
      }
    },
    counts: () => ({ ...count, refused: { ...refused } }),
  };
}

/** The counts on one line; empty when every request was recorded. */
export function describeTally({ duplicates, ignored, failed, late, refused }: RequestCounts): string {
  const parts = [
    ...(duplicates > 0 ? [`${duplicates} duplicates dropped`] : []),
    ...(ignored > 0 ? [`${ignored} of other commands ignored`] : []),
    ...(failed > 0 ? [`${failed} not written`] : []),
    ...(late > 0 ? [`${late} not in time`] : []),
    ...Object.entries(refused).map(([code, count]) => `${count} refused: ${code}`),
  ];
  return parts.length > 0 ? `Requests since the start: ${parts.join(', ')}.\n` : '';
}
