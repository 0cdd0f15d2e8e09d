import type { DeliveryObserver } from '../../src/webhook/observer.ts';

/** How one attempt ended, for tests to read. */
export interface Seen {
  readonly endpoint: string;
  readonly group: string;
  readonly msgSeq: number;
  readonly id: string;
  readonly attempt: number;
  /** Unix ms. */
  readonly at: number;
  /** `delivered`, or the verdict of the failure. */
  readonly verdict: string;
  readonly warning?: string;
  /** What follows a failure: the delay in ms, or why it was given up. */
  readonly next?: number | 'age' | 'attempts' | 'permanent';
}

export interface Recording {
  readonly seen: readonly Seen[];
  /** `NAME open` and `NAME closed`, in order. */
  readonly breakers: readonly string[];
  readonly storeErrors: readonly unknown[];
  /** `NAME back 3`, `NAME forward 9`, `NAME refused 99`, in order. */
  readonly moves: readonly string[];
  readonly observer: DeliveryObserver;
}

/** An observer that writes everything down; `onOutcome` is told of each attempt's end. */
export function recordOutcomes(onOutcome: (seen: Seen) => void): Recording {
  const seen: Seen[] = [];
  const breakers: string[] = [];
  const storeErrors: unknown[] = [];
  const moves: string[] = [];
  const add = (outcome: Seen): void => {
    seen.push(outcome);
    onOutcome(outcome);
  };
  const observer: DeliveryObserver = {
    delivered({ settings }, { event, attempt, at }, warning) {
      const { id, facts } = event;
      add({
        endpoint: settings.name,
        group: facts.groupId,
        msgSeq: facts.msgSeq,
        id,
        attempt,
        at,
        verdict: 'delivered',
        ...(warning === undefined ? {} : { warning }),
      });
    },
    failed({ settings }, { event, attempt, at }, { verdict }, next) {
      const { id, facts } = event;
      add({
        endpoint: settings.name,
        group: facts.groupId,
        msgSeq: facts.msgSeq,
        id,
        attempt,
        at,
        verdict,
        next: next.kind === 'retry' ? next.delayMs : next.reason,
      });
    },
    moved: ({ settings }, { kind, through }) => void moves.push(`${settings.name} ${kind} ${through}`),
    breaker: ({ settings }, state) => void breakers.push(`${settings.name} ${state}`),
    storeFailed: (_endpoint, error) => void storeErrors.push(error),
  };
  return { seen, breakers, storeErrors, moves, observer };
}
