import type { LaneEvents, LaneRead } from '../store/lanes.ts';

interface Waiting {
  readonly read: LaneRead;
  resolve(events: LaneEvents): void;
  reject(error: unknown): void;
}

/** Lanes read in one call of the store: a page of 32 events each, so that no send and no other endpoint waits long behind it. */
const READS_PER_CALL = 64;

/**
 * Gathers the reads that lanes ask for into calls of the store, one at a time. Apps take turns in a call, and in an app its
 * endpoints: however many lanes one of them has to read, the others' reads go with the next call.
 */
export class EventReader {
  readonly #read: (reads: readonly LaneRead[]) => Promise<readonly LaneEvents[]>;
  /** By app and endpoint; whose turn it is comes first. */
  readonly #queue = new Map<number, Map<number, Waiting[]>>();
  #reading = false;

  constructor(read: (reads: readonly LaneRead[]) => Promise<readonly LaneEvents[]>) {
    this.#read = read;
  }

  read(app: number, read: LaneRead): Promise<LaneEvents> {
    return new Promise((resolve, reject) => {
      const ofApp = this.#queue.get(app) ?? new Map<number, Waiting[]>();
      const ofEndpoint = ofApp.get(read.endpointId) ?? [];
      ofEndpoint.push({ read, resolve, reject });
      this.#queue.set(app, ofApp.set(read.endpointId, ofEndpoint));
      if (this.#reading) return;
      this.#reading = true;
      queueMicrotask(() => void this.#readOn());
    });
  }

  async #readOn(): Promise<void> {
    while (this.#queue.size > 0) await this.#call(this.#take());
    this.#reading = false;
  }

  async #call(waiting: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.#read(waiting.map(({ read }) => read));
      waiting.forEach(({ read, resolve, reject }, index) => {
        const events = results[index];
        if (events === undefined) reject(new Error(`no answer for lane ${read.endpointId}/${read.streamId}`));
        else resolve(events);
      });
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  #take(): Waiting[] {
    const taken: Waiting[] = [];
    while (taken.length < READS_PER_CALL) {
      const next = firstInTurn(this.#queue, (ofApp) => firstInTurn(ofApp, (reads) => reads.shift()));
      if (next === undefined) return taken;
      taken.push(next);
    }
    return taken;
  }
}

/** Takes one from the first entry, which then goes to the end, or away when it has no more. */
function firstInTurn<V extends { readonly size: number } | { readonly length: number }, T>(
  entries: Map<number, V>,
  take: (value: V) => T | undefined,
): T | undefined {
  for (const [key, value] of entries) {
    const taken = take(value);
    entries.delete(key);
    const left = 'size' in value ? value.size : value.length;
    if (left > 0) entries.set(key, value);
    return taken;
  }
  return undefined;
}
