import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { afterFailedAttempt, type Failure, type Verdict } from '../domain/delivery.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { LaneEvent } from '../store/lanes.ts';
import type { Checkpointer, LaneOwner } from './checkpointer.ts';
import { classify } from './classify.ts';
import type { Encode } from './encode.ts';
import type { Lane, LaneEntry } from './lane.ts';
import type { AttemptReport, DeliveryObserver } from './observer.ts';
import type { Outcome, Sender } from './sender.ts';

export interface AttemptDeps {
  readonly clock: Clock;
  /** Unix ms that never go back: what due times count from. */
  dueNow(): number;
  readonly random: Random;
  readonly sender: Sender;
  readonly encode: Encode;
  readonly checkpointer: Checkpointer;
  readonly observer: DeliveryObserver;
}

export interface AttemptTask {
  readonly owner: LaneOwner;
  readonly lane: Lane;
  readonly entry: LaneEntry;
  /** The breaker is open and asks whether the endpoint is back. */
  readonly probe: boolean;
}

/** Sends an event of a lane once and settles it, puts it off, or buries it. `aborted`: cut short by us, as if never made. */
export async function attempt(
  deps: AttemptDeps,
  endpoint: Endpoint,
  task: AttemptTask,
): Promise<Verdict | { readonly kind: 'aborted' }> {
  const { clock, observer, checkpointer } = deps;
  const { owner, lane, entry, probe } = task;
  const startedAt = clock.now();
  lane.start(entry, startedAt);
  const outcome = await send(deps, entry.event, startedAt);
  if (outcome.kind === 'failed' && outcome.stage === 'aborted') {
    lane.giveBack(entry);
    return { kind: 'aborted' };
  }
  const at = clock.now();
  const report = { event: entry.event, attempt: entry.attempts + 1, durationMs: outcome.durationMs, at };
  const verdict = classify(outcome, endpoint.settings.dialect, at);
  if (verdict.kind === 'delivered') {
    lane.delivered(entry, startedAt, at);
    observer.delivered(endpoint, report, verdict.warning);
  } else settleFailure(deps, endpoint, lane, entry, verdict, { ...report, probe });
  // In the same turn as the failure and the dead letter, so that one checkpoint holds them and the lane's progress.
  checkpointer.changed(lane, owner);
  return verdict;
}

async function send({ sender, encode }: AttemptDeps, event: LaneEvent, now: number): Promise<Outcome> {
  try {
    return await sender.send(await encode(event, now));
  } catch (error) {
    return { kind: 'failed', stage: 'send', code: 'ENCODE', message: String(error), durationMs: 0 };
  }
}

function settleFailure(
  { checkpointer, observer, random, dueNow }: AttemptDeps,
  endpoint: Endpoint,
  lane: Lane,
  entry: LaneEntry,
  failure: Failure,
  report: AttemptReport & { readonly probe: boolean },
): void {
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
    lane.buried(entry);
  }
  observer.failed(endpoint, report, failure, step);
}
