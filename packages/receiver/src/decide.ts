import type { BeforeEvent, Decision } from './before.ts';
import type { Delivery } from './event.ts';
import type { HandlerOptions } from './handlers.ts';
import type { Outcome } from './outcome.ts';
import { decisionIn } from './verify.ts';

export type VerifiedQuestion = { readonly ok: true; readonly event: BeforeEvent } & Delivery;

/** A handler's call, ready to be made. */
export type Ask = () => Promise<Outcome>;

const DECISIONS: readonly string[] = [
  'refuse',
  'drop',
  'rewrite',
  'without',
] satisfies readonly Decision['kind'][];

/**
 * The handler of a question; undefined when there is none. A question is asked once and its answer is wanted at once, so there are
 * no copies to drop, and it is never acknowledged first. Never rejects.
 */
export function askOf({ before = {} }: HandlerOptions, verified: VerifiedQuestion): Ask | undefined {
  const { event, dialect } = verified;
  // What the kind picks takes this question: a union of handlers cannot say so.
  const handler = before[event.kind] as ((question: unknown, delivery: Delivery) => unknown) | undefined;
  if (handler === undefined) return undefined;
  return async () => {
    try {
      const decision = decisionOf(event, await handler(event, verified));
      const answer = decisionIn(dialect, event, decision);
      return { kind: 'decided', verified, answer, ...(decision !== undefined && { decision }) };
    } catch (error) {
      return { kind: 'failed', error, verified };
    }
  };
}

/** Whatever is returned that is no decision must not let through what somebody meant to refuse. */
function decisionOf({ kind }: BeforeEvent, returned: unknown): Decision | undefined {
  if (returned === undefined) return undefined;
  const known =
    typeof returned === 'object' &&
    returned !== null &&
    'kind' in returned &&
    DECISIONS.includes(String(returned.kind));
  if (known) return returned as Decision;
  throw new TypeError(
    `The handler of ${kind} returned no decision; return refuse(), drop(), rewrite(), without() or nothing.`,
  );
}
