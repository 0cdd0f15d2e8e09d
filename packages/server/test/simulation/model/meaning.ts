import type { Outcome } from '../../../src/webhook/sender.ts';
import { isChained, type Request } from '../request.ts';

/** What an attempt came to, by the documents alone (standard-webhooks.md, "Position" and "Batches"). */
export type Meaning =
  /** `ahead`: the receiver has more than it was sent, through this number. */
  | { readonly kind: 'delivered'; readonly through: number; readonly ahead?: number }
  /** `counts`: uses up one of the event's attempts, unless it was a probe. `again`: its receiver says that it has not applied it. */
  | { readonly kind: 'failed'; readonly counts: boolean; readonly again?: true }
  /** The receiver stands before the event; before others too, and the lane may go back. */
  | { readonly kind: 'behind'; readonly through: number }
  | { readonly kind: 'aborted' };

export function meaningOf(request: Request, outcome: Outcome): Meaning {
  const { seq, events } = request;
  if (outcome.kind === 'failed') {
    if (outcome.stage === 'aborted') return { kind: 'aborted' };
    return { kind: 'failed', counts: outcome.code !== 'ECONNREFUSED' && events.length === 1 };
  }
  if (outcome.status < 200 || outcome.status > 299) return { kind: 'failed', counts: events.length === 1 };
  const last = events.at(-1)?.seq ?? seq;
  const text = isChained(request) ? (outcome.position ?? positionIn(outcome.body)) : undefined;
  if (text === undefined) return { kind: 'delivered', through: last };
  if (!/^\d+$/.test(text)) {
    return events.length === 1 ? { kind: 'delivered', through: last } : { kind: 'failed', counts: false };
  }
  const through = Number(text);
  if (through > last) return { kind: 'delivered', through: last, ahead: through };
  if (through >= seq) return { kind: 'delivered', through };
  const { prev = 0 } = events[0];
  return through < prev ? { kind: 'behind', through } : { kind: 'failed', counts: true, again: true };
}

function positionIn(body: string): string | undefined {
  return /^\{"appliedThrough":"?(\w+)"?\}$/.exec(body)?.[1];
}
