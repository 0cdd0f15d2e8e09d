/**
 * Weighted fair shares of places that attempts hold, as values: whoever has had least of them for its weight comes next.
 *
 * What is counted is time in places, not attempts: counted by attempts, an endpoint that hangs would have had least of all and get
 * every place that becomes free. An attempt costs a millisecond at its start, so that very short ones count too. Times in ms on a
 * monotonic clock. (Start-time fair queueing with the cost known at the end instead of the start: Goyal, Vin, Cheng 1996.)
 */
export interface Claim {
  readonly weight: number;
  /** Milliseconds in places, for its weight, up to `at`. */
  readonly used: number;
  /** Places held now. */
  readonly held: number;
  readonly at: number;
}

const START_COST_MS = 1;

export function newClaim(weight: number, at: number): Claim {
  return { weight, used: 0, held: 0, at };
}

/** The claim brought up to date. */
export function claimAt(claim: Claim, at: number): Claim {
  return { ...claim, used: claim.used + (claim.held * (at - claim.at)) / claim.weight, at };
}

export function afterTaking(claim: Claim, at: number): Claim {
  const { weight, used, held } = claimAt(claim, at);
  return { weight, used: used + START_COST_MS / weight, held: held + 1, at };
}

export function afterGiving(claim: Claim, at: number): Claim {
  const now = claimAt(claim, at);
  return { ...now, held: now.held - 1 };
}

/** Nobody may save up shares while it wants none: who comes back counts as having had as much as the last one served. */
export function afterRest(claim: Claim, served: number, at: number): Claim {
  const now = claimAt(claim, at);
  return { ...now, used: Math.max(now.used, served) };
}

/** Less than 0 when `a` comes first: it has had less, or holds less at the moment. Both brought up to the same time. */
export function compareClaims(a: Claim, b: Claim): number {
  return a.used - b.used || a.held / a.weight - b.held / b.weight;
}
