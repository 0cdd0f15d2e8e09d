import { type BodySource, type ReadBody, readBody } from './body.ts';
import { type Clock, systemClock } from './clock.ts';
import { type DedupeStore, memoryDedupe } from './dedupe.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { Delivery, Events, KeyedDelivery, OtherEvent, Verified } from './event.ts';
import type { HeadersLike } from './headers.ts';
import { refuseUnknown, type VerifyOptions, type VerifyRules, verifyRules, wholeNumber } from './options.ts';
import { type Outcome, type PlainResponse, responseTo } from './outcome.ts';
import { refusal } from './refusal.ts';
import { dialectOf, moduleOf, refusedIn, verifyBy } from './verify.ts';

/** A request in plain values; adapters make it from their framework's. */
export interface PlainRequest {
  readonly method: string;
  /** Absolute, or path and query. */
  readonly url: string;
  readonly headers: HeadersLike;
  readonly body: BodySource;
}

/** One function per event, each with the event's full type. What it throws counts as "not handled". */
export type Handlers = {
  readonly [Kind in keyof Events]?: (event: Events[Kind], delivery: KeyedDelivery) => void | Promise<void>;
};

export interface ReceiverOptions extends Omit<VerifyOptions, 'now'> {
  readonly on: Handlers;
  /** Gets well-formed events of commands without a type of their own. They are answered OK with or without it. */
  readonly onOther?: ((event: OtherEvent, delivery: Delivery) => void | Promise<void>) | undefined;
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
   * The answer is given after so many milliseconds at the latest, from the moment the request is handed over; default 1800 for
   * Tencent's dialect and 4500 for OpenIM's, whose senders give up after 2 s and 5 s.
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
  'onOther',
  'acknowledge',
  'dedupe',
  'timeoutMs',
  'maxInFlight',
  'observe',
  'clock',
];
const EVENT_KINDS: readonly (keyof Events)[] = ['group.message.sent'];
const DEFAULT_MAX_IN_FLIGHT = 1024;
/** Share of the sender's patience after which we answer, so that the answer still reaches it. */
const ANSWER_AT = 0.9;

interface Settings {
  readonly rules: VerifyRules;
  readonly options: ReceiverOptions;
  readonly dedupe: DedupeStore | undefined;
  readonly clock: Clock;
}

/** A verified event that is ours to handle: `act` runs the handler, `key` is claimed. */
interface Job {
  readonly kind: 'job';
  readonly verified: Verified;
  readonly act: () => void | Promise<void>;
  readonly key: string | undefined;
}

/** Builds a receiver. Throws a `TypeError` that names the option when one is wrong or unknown. */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { clock = systemClock(), dedupe = memoryDedupe(), acknowledge = 'after-commit' } = options;
  const rules: VerifyRules = { ...verifyRules(options, OWN_OPTIONS), now: () => clock.now() };
  refuseUnknown(options.on, EVENT_KINDS);
  if (acknowledge !== 'after-commit' && acknowledge !== 'first') {
    throw new TypeError("acknowledge must be 'after-commit' or 'first'.");
  }
  const maxInFlight = wholeNumber('maxInFlight', options.maxInFlight, DEFAULT_MAX_IN_FLIGHT);
  const timeoutFor = (dialect: Dialect) =>
    wholeNumber('timeoutMs', options.timeoutMs, moduleOf(dialect).senderTimeoutMs * ANSWER_AT);
  for (const dialect of rules.dialects) timeoutFor(dialect);
  const settings: Settings = { rules, options, dedupe: dedupe === false ? undefined : dedupe, clock };
  const inFlight = new Set<Promise<void>>();

  async function overloaded(request: PlainRequest, dialect: Dialect): Promise<PlainResponse> {
    const rest = await readBody(request.body, 0).catch(() => undefined);
    report(options, { kind: 'overloaded' });
    return responseTo({ kind: 'overloaded' }, dialect, rest?.kind === 'too-large' && !rest.drained);
  }

  function handle(request: PlainRequest): Promise<PlainResponse> {
    const dialect = dialectOf(request.url, rules);
    if (inFlight.size >= maxInFlight) return overloaded(request, dialect);
    const { promise, resolve } = Promise.withResolvers<PlainResponse>();
    const answer = (outcome: Outcome, close: boolean) => {
      timer.cancel();
      resolve(responseTo(outcome, dialect, close));
    };
    let reading = true;
    const read = readBody(request.body, rules.maxBodyBytes)
      .catch(() => undefined)
      .finally(() => {
        reading = false;
      });
    // Whoever sends a body so slowly is cut off, or a few of them would hold every place.
    const timer = clock.setTimer(timeoutFor(dialect), () => {
      report(options, { kind: 'late' });
      answer({ kind: 'late' }, reading);
    });
    const work = serve(settings, { request, dialect, read }, answer)
      .catch((error: unknown) => {
        report(options, { kind: 'failed', error });
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

/** A request whose body is being read; undefined when it broke off. */
interface Incoming {
  readonly request: PlainRequest;
  readonly dialect: Dialect;
  readonly read: Promise<ReadBody | undefined>;
}

type Answer = (outcome: Outcome, close: boolean) => void;

/** Sees one request through to its end. The first call of `answer` counts; the deadline may have made it already. */
async function serve(settings: Settings, incoming: Incoming, answer: Answer): Promise<void> {
  const { options } = settings;
  const { next, close } = await accept(settings, incoming);
  if (next.kind !== 'job') {
    report(options, next);
    answer(next, close);
    return;
  }
  if (options.acknowledge === 'first') answer({ kind: 'handled', verified: next.verified }, close);
  const outcome = await perform(settings, next);
  report(options, outcome);
  answer(outcome, close);
}

interface Accepted {
  readonly next: Job | Outcome;
  readonly close: boolean;
}

/** Reads and judges a request, and claims its key. */
async function accept(settings: Settings, incoming: Incoming): Promise<Accepted> {
  const { rules } = settings;
  const { request, dialect } = incoming;
  const refuse = (code: Parameters<typeof refusal>[0], why: string, close = false): Accepted => ({
    next: { kind: 'refused', refused: refusedIn(dialect, refusal(code, why)) },
    close,
  });
  const read = await incoming.read;
  if (read === undefined)
    return refuse('interrupted', 'The connection broke before the body was complete.', true);
  if (request.method !== 'POST')
    return refuse('wrong-method', `Webhooks come by POST, not ${request.method}.`);
  if (read.kind === 'too-large') {
    return refuse(
      'too-large',
      `The body is longer than the ${rules.maxBodyBytes} bytes taken here.`,
      !read.drained,
    );
  }
  const verified = await verifyBy(rules, { url: request.url, headers: request.headers, body: read.bytes });
  if (!verified.ok) return { next: { kind: 'refused', refused: verified }, close: false };
  return { next: await claim(settings, verified), close: false };
}

async function claim({ options, dedupe }: Settings, verified: Verified): Promise<Job | Outcome> {
  const act = actOf(options, verified);
  if (act === undefined) return { kind: 'ignored', verified };
  const { key } = verified;
  if (dedupe === undefined || key === undefined) return { kind: 'job', verified, act, key: undefined };
  try {
    const state = await dedupe.claim(key);
    if (state === 'new') return { kind: 'job', verified, act, key };
    // Acknowledging first means that the copy at work has been acknowledged as well.
    return { kind: state === 'done' || options.acknowledge === 'first' ? 'duplicate' : 'busy', verified };
  } catch (error) {
    return { kind: 'failed', error, verified };
  }
}

function actOf({ on, onOther }: ReceiverOptions, verified: Verified): Job['act'] | undefined {
  if (verified.event.kind === 'other') {
    const { event } = verified;
    return onOther && (() => onOther(event, verified));
  }
  const { event, key } = verified;
  const handler = on[event.kind];
  return handler && key !== undefined ? () => handler(event, { ...verified, key }) : undefined;
}

async function perform({ dedupe }: Settings, { verified, act, key }: Job): Promise<Outcome> {
  try {
    await act();
    if (key !== undefined) await dedupe?.confirm(key);
    return { kind: 'handled', verified };
  } catch (error) {
    try {
      if (key !== undefined) await dedupe?.release(key);
    } catch {
      // The first error says why the event was not handled; a claim that stays lapses by the store's own rule.
    }
    return { kind: 'failed', error, verified };
  }
}

function report({ observe }: ReceiverOptions, outcome: Outcome): void {
  try {
    observe?.(outcome);
  } catch {
    // An observer must not change what the sender is told.
  }
}
