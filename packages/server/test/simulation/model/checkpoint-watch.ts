import { keepsChain } from '../../../src/domain/endpoint.ts';
import type { Checkpoint } from '../../../src/store/commands.ts';
import type { Process } from '../process.ts';
import type { Violation } from '../violation.ts';
import type { Books } from './books.ts';
import type { LogWatch } from './log-watch.ts';
import type { Tables } from './tables.ts';

/** What the store took of a checkpoint has to be true. */
export class CheckpointWatch {
  readonly #books: Books;
  readonly #tables: Tables;
  readonly #log: LogWatch;
  readonly #note: (violation: Violation | undefined) => void;
  /** A checkpoint whose answer was lost comes again. */
  readonly #lettersSeen = new WeakSet<object>();

  constructor(books: Books, tables: Tables, log: LogWatch, note: (violation: Violation | undefined) => void) {
    this.#books = books;
    this.#tables = tables;
    this.#log = log;
    this.#note = note;
  }

  written(process: Process, { deadLetters, lanes }: Pick<Checkpoint, 'deadLetters' | 'lanes'>): void {
    for (const letter of deadLetters) this.#note(this.#buried(letter, lanes));
    for (const progress of lanes) {
      if (this.#books.deletions.has(progress.endpointId)) continue;
      const lane = this.#books.lane(progress);
      const believed = process.settingsOf(progress.endpointId);
      if (believed !== undefined && !keepsChain(believed)) lane.leftChain();
      const head = this.#log.headOf(progress.streamId);
      if (progress.cursor > head) {
        const why = `${lane.name}: the cursor ${progress.cursor} is beyond the log, which ends at ${head}`;
        this.#note({ rule: 'position', why });
      }
      this.#note(lane.recorded(progress.cursor, progress.acked));
      const replay = lane.replays.findLast(({ range }) => range.id === progress.replayId);
      const unsent = replay?.recorded(progress.replayedThrough);
      if (unsent === undefined) continue;
      const why = `${lane.name}: a replay moved past event ${unsent}, which was not sent`;
      this.#note({ rule: 'replay', why });
    }
  }

  #buried(letter: Checkpoint['deadLetters'][number], lanes: Checkpoint['lanes']): Violation | undefined {
    if (this.#lettersSeen.has(letter)) return undefined;
    this.#lettersSeen.add(letter);
    const { lane: key, seq, attempts } = letter;
    const lane = this.#books.lane(key);
    const event = lane.event(seq);
    const wrong = (why: string): Violation => ({
      rule: 'dead-letter',
      why: `${lane.name}: event ${seq} ${why}`,
    });
    if (!this.#tables.hasDeadLetter(key, seq)) return wrong('was given up and has no dead letter');
    if (event !== undefined && attempts > event.failures)
      return wrong(`has a dead letter of ${attempts} attempts and failed ${event.failures} times`);
    const progress = lanes.find(
      ({ endpointId, streamId }) => endpointId === key.endpointId && streamId === key.streamId,
    );
    const replay = progress && lane.replays.find((one) => one.gaveUp(seq, progress));
    if (replay !== undefined) {
      replay.buried(seq);
      return undefined;
    }
    const failure = lane.lastFailures.get(seq);
    if (failure !== undefined && event !== undefined)
      lane.buried(event, failure.leavesTombstone, this.#books.deletions.has(key.endpointId));
    const settings = this.#books.settingsOf(key.endpointId);
    if (settings !== undefined && !keepsChain(settings)) lane.leftChain();
    return failure === undefined ? wrong('was given up and never failed') : undefined;
  }
}
