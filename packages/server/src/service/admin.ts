import type { Clock } from '../base/clock.ts';
import type { AdminRole } from '../domain/admin-role.ts';
import type { Refused } from '../store/commands.ts';
import type { Store } from '../store/store.ts';

export type { Refused } from '../store/commands.ts';

/** What the operators' functions work with. */
export interface AdminDeps {
  readonly store: Store;
  readonly clock: Clock;
}

/** Who acts: the name and the role of an admin token. */
export interface Actor {
  readonly name: string;
  readonly role: AdminRole;
}

/** One act, as the audit log names it: `endpoint.change`, `1400000001/main`. Never carries secrets. */
export interface Act {
  readonly actor: Actor;
  readonly action: string;
  readonly target: string;
  readonly detail: string;
}

/**
 * Does what an operator asked for. The line in the audit log is durable before anything changes, so no change is without one; a
 * refusal adds a second line.
 */
export async function audited<T extends { readonly kind: string }>(
  deps: AdminDeps,
  act: Act,
  change: () => Promise<T | Refused>,
): Promise<T | Refused> {
  await writeAudit(deps, act);
  const result = await change();
  if (isRefused(result)) await writeAudit(deps, { ...act, detail: `refused: ${result.why}` });
  return result;
}

export function isRefused(result: { readonly kind: string }): result is Refused {
  return result.kind === 'refused';
}

export function refused(code: Refused['code'], why: string): Refused {
  return { kind: 'refused', code, why };
}

async function writeAudit(
  { store, clock }: AdminDeps,
  { actor, action, target, detail }: Act,
): Promise<void> {
  const { name, role } = actor;
  await store.commit({ type: 'audit', now: clock.now(), actor: name, role, action, target, detail });
}
