import { isBefore } from './before.ts';
import type { ReadBody } from './body.ts';
import { askOf, type VerifiedQuestion } from './decide.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { Verified, VerifiedBatch, VerifiedEvent } from './event.ts';
import type { HeadersLike } from './headers.ts';
import type { VerifyRules } from './options.ts';
import type { Outcome } from './outcome.ts';
import { type Refusal, refusal } from './refusal.ts';
import { refusedIn, verifyBy } from './verify.ts';
import { claim, perform, type WorkSettings } from './work.ts';

type Observe = ((outcome: Outcome) => void) | undefined;

export interface ServeSettings extends WorkSettings {
  readonly rules: VerifyRules;
  readonly observe: Observe;
}

/** A request whose body is being read; undefined when it broke off. */
export interface Incoming {
  readonly method: string;
  readonly url: string;
  readonly headers: HeadersLike;
  readonly dialect: Dialect;
  readonly read: Promise<ReadBody | undefined>;
}

/** How far a batch has been handled, and whether its answer is out. */
export interface Progress {
  appliedThrough?: number;
  answered: boolean;
}

export interface Answering {
  readonly progress: Progress;
  /** The first call counts; the deadline may have made it already. */
  readonly answer: (outcome: Outcome, close: boolean) => void;
}

/** Sees one request through to its end. */
export async function serve(
  settings: ServeSettings,
  incoming: Incoming,
  answering: Answering,
): Promise<void> {
  const { observe, acknowledge } = settings;
  const { answer } = answering;
  const { verdict, close } = await accept(settings, incoming);
  if (!verdict.ok) {
    const outcome: Outcome = { kind: 'refused', refused: refusedIn(incoming.dialect, verdict) };
    tell(observe, outcome);
    answer(outcome, close);
    return;
  }
  if (isBatch(verdict)) return serveBatch(settings, verdict, answering);
  const ask = isQuestion(verdict) ? askOf(settings.handlers, verdict) : undefined;
  if (ask !== undefined) {
    const outcome = await ask();
    tell(observe, outcome);
    answer(outcome, close);
    return;
  }
  const next = await claim(settings, verdict);
  if (next.kind === 'job' && acknowledge === 'first') answer({ kind: 'handled', verified: verdict }, close);
  const outcome = next.kind === 'job' ? await perform(settings, next) : next;
  tell(observe, outcome);
  answer(outcome, close);
}

function isQuestion(verified: VerifiedEvent): verified is VerifiedQuestion {
  return isBefore(verified.event);
}

function isBatch(verified: Verified): verified is VerifiedBatch {
  return verified.event.kind === 'batch';
}

/**
 * Handles the events of a batch one after another, up to the first that cannot be; the answer says how far it came, at the
 * deadline at the latest. What comes behind is sent again. Acknowledged first, every event gets its turn.
 */
async function serveBatch(
  settings: ServeSettings,
  batch: VerifiedBatch,
  { progress, answer }: Answering,
): Promise<void> {
  const first = settings.acknowledge === 'first';
  let outcome: Outcome = { kind: 'handled', verified: batch };
  if (first) answer(outcome, false);
  for (const entry of batch.event.entries) {
    if (progress.answered && !first) return;
    outcome = await handleEntry(settings, entry);
    tell(settings.observe, outcome);
    if (!first && !goesOn(outcome, entry)) break;
    if (entry.lane !== undefined) progress.appliedThrough = entry.lane.seq;
  }
  answer(outcome, false);
}

async function handleEntry(settings: ServeSettings, entry: VerifiedEvent): Promise<Outcome> {
  const next = await claim(settings, entry);
  return next.kind === 'job' ? perform(settings, next) : next;
}

/** Whether the event behind this one is next: this one is done with, and the handler stands at it and nowhere else. */
function goesOn(outcome: Outcome, { lane }: VerifiedEvent): boolean {
  if (outcome.kind === 'handled') return (outcome.appliedThrough ?? lane?.seq) === lane?.seq;
  return outcome.kind === 'duplicate' || outcome.kind === 'ignored';
}

/** Reads and judges a request. `close`: its body was not read to its end. */
async function accept(
  { rules }: ServeSettings,
  { method, url, headers, read }: Incoming,
): Promise<{ readonly verdict: Verified | Refusal; readonly close: boolean }> {
  const body = await read;
  if (body === undefined) {
    const why = 'The connection broke before the body was complete.';
    return { verdict: refusal('interrupted', why), close: true };
  }
  if (method !== 'POST') {
    const why = `Webhooks come by POST, not ${method}.`;
    return { verdict: refusal('wrong-method', why), close: false };
  }
  if (body.kind === 'too-large') {
    const why = `The body is longer than the ${rules.maxBodyBytes} bytes taken here.`;
    return { verdict: refusal('too-large', why), close: !body.drained };
  }
  return { verdict: await verifyBy(rules, { url, headers, body: body.bytes }), close: false };
}

export function tell(observe: Observe, outcome: Outcome): void {
  try {
    observe?.(outcome);
  } catch {
    // An observer must not change what the sender is told.
  }
}
