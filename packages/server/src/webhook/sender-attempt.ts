import { POSITION_HEADER } from '@confab-im/protocol';
import type { Dispatcher } from 'undici';
import type { Clock, Timer } from '../base/clock.ts';
import type { Connection } from './sender-connection.ts';
import { type Cause, causeOf, type Outcome, type Stage, timeoutCause } from './sender-outcome.ts';

export interface AttemptOptions {
  clock: Clock;
  timeoutMs: number;
  answerLimitBytes: number;
}

/**
 * The attempts under way, in no order. No Set: each time a Set has had as many additions as it has room for it moves to a new table,
 * and the old table keeps its entries and points to the new one. Once such a table has grown old, all later ones, and each attempt
 * that stood in them, its request and its answer, lived until the next full collection: 10 KB a message.
 */
export class Attempts {
  readonly #all: Attempt[] = [];

  add(attempt: Attempt): void {
    attempt.place = this.#all.length;
    this.#all.push(attempt);
  }

  delete(attempt: Attempt): void {
    const last = this.#all.pop();
    if (last === undefined || last === attempt) return;
    this.#all[attempt.place] = last;
    last.place = attempt.place;
  }

  values(): readonly Attempt[] {
    return [...this.#all];
  }
}

/**
 * One attempt, as the handler of undici's `dispatch`: on the hot path it costs one object, one promise and one timer.
 *
 * It ends exactly once: by the answer, by an error, by the deadline or by `abort()`. What undici reports afterwards is
 * ignored, and a request that has not been written by then never is.
 */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly outcome: Promise<Outcome>;
  /** Where the request travels; known once the pool has given it a place. */
  connection: Connection | undefined;

  readonly #options: AttemptOptions;
  /** The attempts under way; this one leaves it when it ends. */
  readonly #underWay: Attempts;
  /** Where it stands among them. */
  place = 0;
  readonly #resolve: (outcome: Outcome) => void;
  readonly #startedAt: number;
  readonly #deadline: Timer;
  #ended = false;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #retryAfter: string | undefined;
  #position: string | undefined;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(options: AttemptOptions, underWay: Attempts) {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.outcome = promise;
    this.#resolve = resolve;
    this.#options = options;
    this.#underWay = underWay;
    underWay.add(this);
    this.#startedAt = options.clock.monotonic();
    this.#deadline = options.clock.setTimer(options.timeoutMs, () => {
      this.abort(timeoutCause(this.#stage(), options.timeoutMs));
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Ends the attempt from this side and closes its socket, if it has one. */
  abort(cause: Cause): void {
    this.#fail(cause);
    this.#controller?.abort(new Error(cause.message));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // undici drops a request whose start throws, and keeps the connection for the next one.
    if (this.#ended) throw new Error('The attempt ended before its request was written.');
    this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    const retryAfter = headers['retry-after'];
    this.#retryAfter = Array.isArray(retryAfter) ? retryAfter[0] : retryAfter;
    const position = headers[POSITION_HEADER];
    // Given twice it is no number, whichever of them was meant.
    this.#position = Array.isArray(position) ? position.join(', ') : position;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const room = this.#options.answerLimitBytes - this.#size;
    if (chunk.length <= room) {
      this.#chunks.push(chunk);
      this.#size += chunk.length;
      return;
    }
    this.#chunks.push(chunk.subarray(0, room));
    this.#answer(true);
    controller.abort(new Error('The answer is longer than its limit.'));
  }

  onResponseEnd(): void {
    this.#answer(false);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (!this.#ended) this.#fail(causeOf(error, this.#stage()));
  }

  #stage(): Stage {
    if (this.#status !== 0) return 'body';
    if (this.connection === undefined) return 'connect';
    if (this.#controller === undefined) return this.connection.stage;
    return this.connection.hasUnsentBytes ? 'send' : 'headers';
  }

  #answer(truncated: boolean): void {
    const [first] = this.#chunks;
    const whole = first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    this.#end({
      kind: 'answer',
      status: this.#status,
      body: whole.toString('utf8'),
      ...(this.#retryAfter === undefined ? {} : { retryAfter: this.#retryAfter }),
      ...(this.#position === undefined ? {} : { position: this.#position }),
      truncated,
      durationMs: this.#elapsed(),
    });
  }

  #fail(cause: Cause): void {
    this.#end({ kind: 'failed', ...cause, durationMs: this.#elapsed() });
  }

  #elapsed(): number {
    return this.#options.clock.monotonic() - this.#startedAt;
  }

  #end(outcome: Outcome): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#deadline.cancel();
    this.#underWay.delete(this);
    this.#chunks = [];
    this.#resolve(outcome);
  }
}
