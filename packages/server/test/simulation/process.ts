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

  constructor(generation: number, makeClock: (owner: Process) => Clock) {
    this.generation = generation;
    this.clock = makeClock(this);
  }
}
