import type { Clock } from '../../src/base/clock.ts';
import type { StreamHint } from '../../src/store/lanes.ts';
import type { Dispatcher } from '../../src/webhook/dispatcher.ts';

/** One run of the server from start to death; its number is the store's generation. What is dead is never answered. */
export class Process {
  readonly generation: number;
  readonly clock: Clock;
  alive = true;
  /** Takes clients' requests: not while it starts or stops. */
  serves = false;
  dispatcher: Dispatcher | undefined;
  listener: ((hints: readonly StreamHint[]) => void) | undefined;
  /** Its timers have been late by so much at most. */
  latenessMs = 0;
  /** The wall clock has been ahead of where it stands by so much, in its life: what waits for a time goes on from there. */
  setBackMs = 0;

  constructor(generation: number, makeClock: (owner: Process) => Clock) {
    this.generation = generation;
    this.clock = makeClock(this);
  }

  /** Unix ms on the latest wall clock that it may have seen, gone on with true time. */
  latestNow(): number {
    return this.clock.now() + this.setBackMs;
  }
}
