import type { LaneEvents, LaneRead } from '../store/lanes.ts';

/** Gathers the reads that lanes ask for in one turn of the event loop into one call of the store. */
export class EventReader {
  readonly #read: (reads: readonly LaneRead[]) => Promise<readonly LaneEvents[]>;
  #queue: { read: LaneRead; resolve(events: LaneEvents): void; reject(error: unknown): void }[] = [];

  constructor(read: (reads: readonly LaneRead[]) => Promise<readonly LaneEvents[]>) {
    this.#read = read;
  }

  read(read: LaneRead): Promise<LaneEvents> {
    return new Promise((resolve, reject) => {
      if (this.#queue.length === 0) queueMicrotask(() => void this.#flush());
      this.#queue.push({ read, resolve, reject });
    });
  }

  async #flush(): Promise<void> {
    const queue = this.#queue;
    this.#queue = [];
    try {
      const results = await this.#read(queue.map(({ read }) => read));
      queue.forEach(({ read, resolve, reject }, index) => {
        const events = results[index];
        if (events === undefined) reject(new Error(`no answer for lane ${read.endpointId}/${read.streamId}`));
        else resolve(events);
      });
    } catch (error) {
      for (const { reject } of queue) reject(error);
    }
  }
}
