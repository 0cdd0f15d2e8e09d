import { BEFORE_KINDS } from './before.ts';
import { type BodySource, readBody } from './body.ts';
import { type ChainStore, memoryChains } from './chain.ts';
import { type Clock, systemClock } from './clock.ts';
import { type DedupeStore, memoryDedupe } from './dedupe.ts';
import type { Dialect } from './dialects/dialect.ts';
import { EVENT_KINDS, type HandlerOptions } from './handlers.ts';
import type { HeadersLike } from './headers.ts';
import { refuseUnknown, type VerifyOptions, type VerifyRules, verifyRules, wholeNumber } from './options.ts';
import { type Outcome, type PlainResponse, responseTo } from './outcome.ts';
import { type Progress, type ServeSettings, serve, tell } from './serve.ts';
import { answersIn, dialectOf } from './verify.ts';

/** A request in plain values; adapters make it from their framework's. */
export interface PlainRequest {
  readonly method: string;
  /** Absolute, or path and query. */
  readonly url: string;
  readonly headers: HeadersLike;
  readonly body: BodySource;
}

export interface ReceiverOptions extends Omit<VerifyOptions, 'now'>, HandlerOptions {
  /**
   * - `after-commit` (default): the answer waits for the handler. If it throws, or takes longer than `timeoutMs`, the answer is
   *   an error and the sender tries again: at least once, and with `dedupe` the handler succeeds once.
   * - `first`: the answer is given as soon as the request is verified and claimed, the handler runs afterwards. A crash or an
   *   error then loses the event, for the sender takes it as received: at most once. For work that may be lost.
   */
  readonly acknowledge?: 'after-commit' | 'first' | undefined;
  /** Where handled keys are remembered; default in memory. `false`: the handler drops copies itself, by `delivery.key`. */
  readonly dedupe?: DedupeStore | false | undefined;
  /**
   * Where is remembered what of each lane was handled, for `delivery.chain`; default in memory. `false`: nowhere. Dialect
   * `standard` only.
   */
  readonly chain?: ChainStore | false | undefined;
  /**
   * The answer is given after so many milliseconds at the latest, from the moment the request is handed over; default 4500 for
   * OpenIM's dialect and 1800 for the others, whose senders give up after 5 s and 2 s.
   */
  readonly timeoutMs?: number | undefined;
  /** Requests that are read or handled at one time; one more is answered 503. Default 1024. */
  readonly maxInFlight?: number | undefined;
  /** Told of each outcome, for logs and counts. What it throws is dropped. */
  readonly observe?: ((outcome: Outcome) => void) | undefined;
  readonly clock?: Clock | undefined;
}

export interface Receiver {
  /** Judges, de-duplicates, handles and answers one request. Never rejects. */
  handle(request: PlainRequest): Promise<PlainResponse>;
  /** Resolves when nothing is being read or handled: wait for it after the HTTP server has stopped. */
  drain(): Promise<void>;
}

const OWN_OPTIONS = [
  'on',
  'before',
  'onOther',
  'acknowledge',
  'dedupe',
  'chain',
  'timeoutMs',
  'maxInFlight',
  'observe',
  'clock',
];
const DEFAULT_MAX_IN_FLIGHT = 1024;
/** Share of the sender's patience after which we answer, so that the answer still reaches it. */
const ANSWER_AT = 0.9;

/** Builds a receiver. Throws a `TypeError` that names the option when one is wrong or unknown. */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { clock = systemClock() } = options;
  const settings = settingsOf(options, clock);
  const { rules } = settings;
  const maxInFlight = wholeNumber('maxInFlight', options.maxInFlight, DEFAULT_MAX_IN_FLIGHT);
  const timeoutFor = (dialect: Dialect) =>
    wholeNumber('timeoutMs', options.timeoutMs, answersIn(dialect).senderTimeoutMs * ANSWER_AT);
  for (const dialect of rules.dialects) timeoutFor(dialect);
  const inFlight = new Set<Promise<void>>();

  function handle(request: PlainRequest): Promise<PlainResponse> {
    const dialect = dialectOf(request, rules);
    if (inFlight.size >= maxInFlight) return overloaded(options, request, dialect);
    const { promise, resolve } = Promise.withResolvers<PlainResponse>();
    const progress: Progress = { answered: false };
    const answer = (outcome: Outcome, close: boolean) => {
      timer.cancel();
      progress.answered = true;
      const { appliedThrough = progress.appliedThrough } = 'appliedThrough' in outcome ? outcome : {};
      resolve(responseTo(outcome, dialect, close, appliedThrough));
    };
    let reading = true;
    const read = readBody(request.body, rules.maxBodyBytes)
      .catch(() => undefined)
      .finally(() => {
        reading = false;
      });
    // Whoever sends a body so slowly is cut off, or a few of them would hold every place.
    const timer = clock.setTimer(timeoutFor(dialect), () => {
      tell(options.observe, { kind: 'late' });
      answer({ kind: 'late' }, reading);
    });
    const work = serve(settings, { ...request, dialect, read }, { progress, answer })
      .catch((error: unknown) => {
        tell(options.observe, { kind: 'failed', error });
        answer({ kind: 'failed', error }, false);
      })
      .finally(() => inFlight.delete(work));
    inFlight.add(work);
    return promise;
  }

  return {
    handle,
    async drain() {
      while (inFlight.size > 0) await Promise.all(inFlight);
    },
  };
}

function settingsOf(options: ReceiverOptions, clock: Clock): ServeSettings {
  const { acknowledge = 'after-commit', dedupe = memoryDedupe(), chain = memoryChains(), observe } = options;
  const rules: VerifyRules = { ...verifyRules(options, OWN_OPTIONS), now: () => clock.now() };
  refuseUnknown(options.on, EVENT_KINDS);
  refuseUnknown(options.before ?? {}, BEFORE_KINDS);
  if (acknowledge !== 'after-commit' && acknowledge !== 'first') {
    throw new TypeError("acknowledge must be 'after-commit' or 'first'.");
  }
  return {
    ...{ rules, acknowledge, handlers: options, observe },
    dedupe: dedupe === false ? undefined : dedupe,
    chains: chain === false ? undefined : chain,
  };
}

async function overloaded(
  { observe }: ReceiverOptions,
  request: PlainRequest,
  dialect: Dialect,
): Promise<PlainResponse> {
  const rest = await readBody(request.body, 0).catch(() => undefined);
  tell(observe, { kind: 'overloaded' });
  return responseTo({ kind: 'overloaded' }, dialect, rest?.kind === 'too-large' && !rest.drained);
}
