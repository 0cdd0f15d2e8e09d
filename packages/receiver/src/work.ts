import { isPosition } from '@confab-im/protocol';
import { type ChainStore, chainAt, chainKey, followLink, judgeLink } from './chain.ts';
import type { DedupeStore } from './dedupe.ts';
import type { VerifiedEvent } from './event.ts';
import { type Act, actOf, type HandlerOptions } from './handlers.ts';
import type { Outcome } from './outcome.ts';

/** What handling one event needs. */
export interface WorkSettings {
  readonly handlers: HandlerOptions;
  readonly acknowledge: 'after-commit' | 'first';
  readonly dedupe: DedupeStore | undefined;
  readonly chains: ChainStore | undefined;
}

/** A verified event that is ours to handle: its key is claimed. */
export interface Job {
  readonly kind: 'job';
  readonly verified: VerifiedEvent;
  readonly act: Act;
  /** Undefined when nobody keeps keys, or the event has none. */
  readonly key: string | undefined;
}

/** Claims the key of an event, unless there is nothing to do. Never rejects. */
export async function claim(settings: WorkSettings, verified: VerifiedEvent): Promise<Job | Outcome> {
  const { handlers, dedupe, acknowledge } = settings;
  const act = actOf(handlers, verified);
  const { key } = verified;
  try {
    if (act === undefined) {
      await follow(settings, verified);
      return { kind: 'ignored', verified };
    }
    if (dedupe === undefined || key === undefined) return { kind: 'job', verified, act, key: undefined };
    const state = await dedupe.claim(key);
    if (state === 'new') return { kind: 'job', verified, act, key };
    if (state === 'done') await follow(settings, verified);
    // Acknowledging first means that the copy at work has been acknowledged as well.
    return { kind: state === 'done' || acknowledge === 'first' ? 'duplicate' : 'busy', verified };
  } catch (error) {
    return { kind: 'failed', error, verified };
  }
}

/** Runs the handler and keeps what it says. Never rejects. */
export async function perform(settings: WorkSettings, { verified, act, key }: Job): Promise<Outcome> {
  const { dedupe } = settings;
  try {
    const position = positionIn(await act(await judge(settings, verified)), verified);
    if (position === undefined) await follow(settings, verified);
    else await stand(settings, verified, position);
    if (position !== undefined && verified.lane !== undefined && position < verified.lane.seq) {
      if (key !== undefined) await dedupe?.release(key);
      return { kind: 'rewound', verified, appliedThrough: position };
    }
    if (key !== undefined) await dedupe?.confirm(key);
    return { kind: 'handled', verified, ...(position !== undefined && { appliedThrough: position }) };
  } catch (error) {
    try {
      if (key !== undefined) await dedupe?.release(key);
    } catch {
      // The first error says why the event was not handled; a claim that stays lapses by the store's own rule.
    }
    return { kind: 'failed', error, verified };
  }
}

async function judge({ chains }: WorkSettings, { lane }: VerifiedEvent) {
  if (lane === undefined || chains === undefined) return undefined;
  return judgeLink(await chains.read(chainKey(lane)), lane);
}

/** The event is behind us: handled now or before, or not wanted. */
async function follow({ chains }: WorkSettings, { lane }: VerifiedEvent): Promise<void> {
  if (lane !== undefined) await chains?.update(chainKey(lane), (state) => followLink(state, lane));
}

async function stand({ chains }: WorkSettings, { lane }: VerifiedEvent, position: number): Promise<void> {
  if (lane !== undefined) await chains?.update(chainKey(lane), () => chainAt(position));
}

/** Whatever else a handler returns is nobody's business; a position that cannot be answered is an error of the handler. */
function positionIn(result: unknown, { lane }: VerifiedEvent): number | undefined {
  if (typeof result !== 'object' || result === null || !('appliedThrough' in result)) return undefined;
  const { appliedThrough } = result;
  if (lane === undefined) {
    throw new TypeError("Only events of the dialect 'standard' have a position; return nothing for others.");
  }
  if (isPosition(appliedThrough)) return appliedThrough;
  throw new RangeError('A handler returned an appliedThrough that is no whole number from 0.');
}
