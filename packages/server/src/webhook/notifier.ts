import type { Clock, Timer } from '../base/clock.ts';
import type { Notice } from '../store/cluster.ts';
import type { StreamHint } from '../store/lanes.ts';
import type { Holdings } from './holdings.ts';

export interface NotifierOptions {
  readonly clock: Clock;
  readonly holdings: Pick<Holdings, 'owns'>;
  /** Others live who could be told. */
  hasOthers(): boolean;
  tell(notice: Notice): Promise<void>;
}

/** Notices are gathered for so long: however many messages come, others are told 50 times a second at most. */
const GATHER_MS = 20;
/** Streams in one notice; of more it only says that there are some. */
const STREAMS = 500;

/** Tells other nodes of work on their lanes that this one's commits have made. One notice at a time; what it cannot tell, they find by polling. */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #streams = new Map<number, Set<number>>();
  #timer: Timer | undefined;
  #telling = false;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  committed(hints: readonly StreamHint[]): void {
    const { holdings, hasOthers } = this.#options;
    for (const { streamId, behind, fresh } of hints) {
      if (holdings.owns(streamId) || this.#streams.size > STREAMS || !hasOthers()) continue;
      const endpoints = this.#streams.get(streamId) ?? new Set();
      for (const id of behind) endpoints.add(id);
      for (const id of fresh) endpoints.add(id);
      this.#streams.set(streamId, endpoints);
    }
    if (this.#streams.size > 0) this.#schedule();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#streams.clear();
  }

  #schedule(): void {
    if (this.#telling) return;
    this.#timer ??= this.#options.clock.setTimer(GATHER_MS, () => {
      this.#timer = undefined;
      void this.#tell();
    });
  }

  async #tell(): Promise<void> {
    const lanes = [...this.#streams].map(([streamId, endpoints]) => ({
      streamId,
      endpoints: [...endpoints],
    }));
    this.#streams.clear();
    this.#telling = true;
    try {
      await this.#options.tell(lanes.length > STREAMS ? { kind: 'all-lanes' } : { kind: 'lanes', lanes });
    } catch {
      // A hint that is lost costs one poll.
    } finally {
      this.#telling = false;
      if (this.#streams.size > 0) this.#schedule();
    }
  }
}
