export interface PlantedFault {
  readonly name: string;
  /** What a reader of the table should know. */
  readonly bug: string;
  /** Below `packages/server/src`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** It does nothing to one process alone: looked for among histories with several nodes. */
  readonly severalNodes?: true;
}

/** Of several nodes on one database; see planted-faults.ts. */
export const PLANTED_NODE_FAULTS: readonly PlantedFault[] = [
  {
    name: 'lease-not-checked',
    bug: 'the store takes outcomes of lanes that are leased otherwise by now',
    file: 'store/sqlite/apply/dispatch.ts',
    find: 'return generation !== undefined && leases.holds(partition, generation);',
    replace: 'return generation !== undefined;',
  },
  {
    name: 'lease-held-too-long',
    bug: 'a node goes on when its leases are over, until it hears of it',
    file: 'webhook/lease-keeper.ts',
    find: 'return this.#options.clock.monotonic() < this.#trustedUntil;',
    replace: 'return this.#trustedUntil > 0;',
  },
  {
    name: 'wall-clock-trusted',
    bug: 'a node counts the time of its leases on its wall clock',
    file: 'webhook/lease-keeper.ts',
    find: 'return this.#options.clock.monotonic() < this.#trustedUntil;',
    replace: 'return this.#options.clock.now() - this.#options.node.startedAt < this.#trustedUntil;',
  },
  {
    name: 'lease-counted-from-its-answer',
    bug: 'a node trusts a renewal from when it hears of it, not from when it asked for it',
    file: 'webhook/lease-keeper.ts',
    find: 'this.#trustedUntil = trustedUntil(askedAt, this.#options.leaseMs);',
    replace: 'this.#trustedUntil = trustedUntil(this.#options.clock.monotonic(), this.#options.leaseMs);',
  },
  {
    name: 'notification-relied-upon',
    bug: 'several nodes do not poll: work that nobody tells of is never found',
    file: 'webhook/dispatcher.ts',
    find: 'for (const runner of this.#runners.values()) void runner.refill();',
    replace:
      'if (this.#holdings.leases === undefined) for (const runner of this.#runners.values()) void runner.refill();',
  },
  {
    name: 'lost-lanes-kept',
    bug: 'a node keeps the lanes of a lease that it has lost, and goes on with them when it leases them again',
    file: 'webhook/lease-keeper.ts',
    find: 'this.#holder?.drop(this.#among(partitions));',
    replace: '',
  },
  {
    name: 'handed-back-at-once',
    bug: 'a node gives leases back while requests are under way',
    file: 'webhook/lease-keeper.ts',
    find: 'await this.#holder?.settle(this.#among(partitions));',
    replace: '',
  },
  {
    name: 'hint-of-anothers-lane',
    bug: 'a node takes up a lane that its own commit has given work, though another node holds it',
    file: 'webhook/dispatcher.ts',
    find: `if (!this.#holdings.owns(streamId)) continue;
      // Its answer was on the way for so long that another process may have had the lane meanwhile.
      if (begunAt !== undefined && begunAt < this.#holdings.heldSince(streamId)) {`,
    replace: 'if (begunAt === Number.POSITIVE_INFINITY) {',
  },
];
