import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Tracing } from '../base/tracing.ts';
import { afterFailedAttempt, type Failure, type NextStep, type Verdict } from '../domain/delivery.ts';
import { type Endpoint, keepsChain } from '../domain/endpoint.ts';
import type { LaneEvent } from '../store/lanes.ts';
import { endSpan, startSpan } from './attempt-span.ts';
import type { EncodeBatch } from './batch.ts';
import type { Checkpointer, LaneOwner } from './checkpointer.ts';
import { classify, NO_FORM } from './classify.ts';
import { type Encode, NoFormError } from './encode.ts';
import type { Lane, LaneEntry } from './lane.ts';
import type { AttemptReport, DeliveryObserver } from './observer.ts';
import { type Move, moveOf, type SetBacks } from './position.ts';
import { withTraceparent } from './request.ts';
import type { Outcome, Sender } from './sender.ts';

export interface AttemptDeps {
  readonly clock: Clock;
  /** Unix ms that never go back: what due times count from. */
  dueNow(): number;
  readonly random: Random;
  readonly sender: Sender;
  readonly encode: Encode;
  readonly encodeBatch: EncodeBatch | undefined;
  readonly checkpointer: Checkpointer;
  readonly observer: DeliveryObserver;
  readonly setBacks: SetBacks;
  readonly tracing?: Tracing;
}

export interface AttemptTask {
  readonly owner: LaneOwner;
  readonly lane: Lane;
  readonly entry: LaneEntry;
  /** The breaker is open and asks whether the endpoint is back. */
  readonly probe: boolean;
}

/** Sends an event of a lane, with those behind it where they can go along, once and settles it, puts it off, or buries it. `aborted`: cut short by us, or the lane is not ours any more; as if never made. */
export async function attempt(
  deps: AttemptDeps,
  endpoint: Endpoint,
  task: AttemptTask,
): Promise<Verdict | { readonly kind: 'aborted' }> {
  const { clock, checkpointer } = deps;
  const { owner, lane, entry, probe } = task;
  const startedAt = clock.now();
  const limit = probe ? 1 : (endpoint.settings.batch?.maxEvents ?? 1);
  const company = lane.companyOf(entry, limit - 1);
  lane.start(entry, startedAt);
  const span = deps.tracing === undefined ? undefined : startSpan(deps.tracing, endpoint, entry, startedAt);
  const { outcome, sent } = await send(deps, [entry, ...company], startedAt, span?.traceparent);
  if (outcome.kind === 'failed' && outcome.stage === 'aborted') {
    lane.giveBack(entry);
    span?.end(clock.now(), {}, 'aborted');
    return { kind: 'aborted' };
  }
  if (lane.dropped) {
    span?.end(clock.now(), {}, 'aborted');
    return { kind: 'aborted' };
  }
  const at = clock.now();
  const report = { event: entry.event, attempt: entry.attempts + 1, durationMs: outcome.durationMs, at };
  const verdict = classify(outcome, endpoint.settings, at);
  const settled = { ...report, startedAt, probe };
  if (span !== undefined) endSpan(span, at, outcome, verdict);
  const others = company.slice(0, sent - 1);
  const came =
    verdict.kind === 'delivered'
      ? settleDelivery(deps, endpoint, lane, [entry, ...others], verdict, settled)
      : verdict;
  if (verdict.kind === 'failed') {
    settleFailure(deps, endpoint, lane, entry, verdict, { ...settled, probe: probe || others.length > 0 });
  }
  // In the same turn as the failure and the dead letter, so that one checkpoint holds them and the lane's progress.
  checkpointer.changed(lane, owner);
  return came;
}

type Behind = Extract<Move, { kind: 'again' | 'back' }>;

/** A 2xx delivers the event, unless the position in it says otherwise. What the attempt came to for the endpoint. */
function settleDelivery(
  deps: AttemptDeps,
  endpoint: Endpoint,
  lane: Lane,
  [entry, ...others]: readonly [LaneEntry, ...LaneEntry[]],
  verdict: Extract<Verdict, { kind: 'delivered' }>,
  report: AttemptReport & { readonly startedAt: number; readonly probe: boolean },
): Verdict {
  const { streamId } = lane;
  const last = others.at(-1)?.event.seq ?? entry.event.seq;
  if (verdict.unreadable === true && others.length > 0) {
    const failure = unreadable(verdict);
    settleFailure(deps, endpoint, lane, entry, failure, { ...report, probe: true });
    return failure;
  }
  const move = moveOf(endpoint.settings, entry.event, verdict.appliedThrough, last);
  if (move.kind === 'again' || move.kind === 'back') {
    const failure = notApplied(move, verdict);
    const step = settleFailure(deps, endpoint, lane, entry, failure, report);
    if (step.kind === 'dead') deps.setBacks.gaveUp(streamId, entry.event.seq);
    else if (setBack(deps, endpoint, lane, entry, move)) return verdict;
    return failure;
  }
  lane.delivered(entry, report.startedAt, report.at);
  deps.observer.delivered(endpoint, report, verdict.warning);
  for (const other of others) {
    if (move.kind === 'part' && other.event.seq > move.through) break;
    lane.start(other, report.startedAt);
    lane.delivered(other, report.startedAt, report.at);
    deps.observer.delivered(endpoint, { ...report, event: other.event, attempt: 1 }, undefined);
  }
  if (move.kind === 'forward') lane.passOver(move.through, report.at, entry.event.facts.groupId);
  return verdict;
}

/** What was meant of a batch cannot be told, so nothing of it counts: a repeat does no harm, a loss would. */
function unreadable({ warning = '' }: { readonly warning?: string }): Failure {
  return {
    kind: 'failed',
    verdict: 'position_unreadable',
    detail: `the answer to a batch: ${warning}`,
    retryAfterMs: 0,
    usesAttempt: true,
    overloaded: false,
  };
}

/** A receiver that stands before the event has not applied it: its attempt counts as failed, whatever the status. */
function notApplied({ kind, through }: Behind, verdict: { readonly warning?: string }): Failure {
  const others = kind === 'back' ? ', nor others before it' : '';
  const warning = verdict.warning === undefined ? '' : ` (${verdict.warning})`;
  return {
    kind: 'failed',
    verdict: 'position_behind',
    detail: `the receiver has applied everything through ${through}, hence not this event${others}${warning}`,
    retryAfterMs: 0,
    usesAttempt: true,
    overloaded: false,
  };
}

/**
 * Sets the lane back to where the receiver stands; false when the event has to wait for its next attempt instead. A lie cannot go on
 * for ever: see `SetBacks`, and each try uses up one of the event's attempts, while its age runs.
 */
function setBack(
  { clock, setBacks, observer }: AttemptDeps,
  endpoint: Endpoint,
  lane: Lane,
  entry: LaneEntry,
  { through }: Behind,
): boolean {
  const { streamId } = lane;
  const { event } = entry;
  const asked = { seq: event.seq, prev: event.link?.prev ?? 0, through };
  const back = setBacks.take(streamId, asked, clock.monotonic());
  if (back === undefined) return false;
  lane.setBack(entry, back, clock.now());
  observer.moved(endpoint, { streamId, groupId: event.facts.groupId, kind: 'back', through: back });
  return true;
}

/** Of why an event was skipped, its tombstone tells this much. */
const REASON_TOLD = 200;

/** Does a tombstone take the place of this event once it is given up? Not of a tombstone, nor of a replay, which is in no chain. */
function isSkipped({ settings }: Endpoint, { link, replayId, tombstone }: LaneEvent): boolean {
  if (settings.onHeadFailure !== 'skip' || !keepsChain(settings) || link === undefined) return false;
  return replayId === undefined && tombstone === undefined;
}

/** Sends the first of these, and those behind it that go along; how many that were. A batch is traced with its first event. */
async function send(
  { sender, encode, encodeBatch }: AttemptDeps,
  entries: readonly [LaneEntry, ...LaneEntry[]],
  now: number,
  traceparent: string | undefined,
): Promise<{ readonly outcome: Outcome; readonly sent: number }> {
  const events = entries.map(({ event }) => event);
  try {
    const batch = events.length > 1 ? await encodeBatch?.(events, now) : undefined;
    const request = batch?.request ?? (await encode(entries[0].event, now));
    const outcome = await sender.send(withTraceparent(request, traceparent));
    return { outcome, sent: batch?.count ?? 1 };
  } catch (error) {
    const outcome: Outcome = {
      kind: 'failed',
      stage: 'send',
      code: error instanceof NoFormError ? NO_FORM : 'ENCODE',
      message: String(error),
      durationMs: 0,
    };
    return { outcome, sent: 1 };
  }
}

/**
 * `probe`: the failure is not the event's own, since a breaker asks, or others went with it. It then uses up no attempt, and the next
 * try is made alone.
 */
function settleFailure(
  { checkpointer, observer, random, dueNow }: AttemptDeps,
  endpoint: Endpoint,
  lane: Lane,
  entry: LaneEntry,
  failure: Failure,
  report: AttemptReport & { readonly probe: boolean },
): NextStep {
  const { at, probe } = report;
  const { firstAttemptAt, event } = entry;
  const key = { endpointId: lane.endpointId, streamId: lane.streamId };
  const tries = { attempts: entry.attempts, firstAttemptAt };
  const step = afterFailedAttempt(endpoint.settings, tries, failure, { now: at, random: random(), probe });
  const { verdict, detail, status, answer } = failure;
  checkpointer.failed({
    lane: key,
    seq: event.seq,
    attempt: report.attempt,
    at,
    durationMs: report.durationMs,
    verdict,
    detail,
    probe,
    ...(status === undefined ? {} : { status }),
    ...(answer === undefined ? {} : { answer }),
  });
  if (step.kind === 'retry') lane.retryLater(entry, step.attempts, dueNow() + step.delayMs);
  else {
    const { reason, attempts } = step;
    checkpointer.deadLetter({
      lane: key,
      seq: event.seq,
      reason,
      detail: step.detail,
      attempts,
      firstAttemptAt,
    });
    if (isSkipped(endpoint, event)) lane.entomb(entry, step.detail.slice(0, REASON_TOLD));
    else lane.buried(entry);
  }
  observer.failed(endpoint, report, failure, step);
  return step;
}
