import type { LeaseFence } from '../domain/lease.ts';

/** Which lanes this process may work on. */
export interface Holdings {
  /** The lanes of this stream are this process's, and are not about to be handed back. */
  owns(streamId: number): boolean;
  /** Monotonic ms since when: what was done before, another process may have gone on from. */
  heldSince(streamId: number): number;
  /** An attempt for a lane of this stream may begin now. */
  mayBegin(streamId: number): boolean;
  /** Where lanes are to be looked for; undefined: everywhere. */
  readonly partitions: Partitions | undefined;
  /** Grows when lanes are lost: what was read before may be out of date. */
  readonly epoch: number;
  /** Of all lanes, from 0 to 1: its share of the limits that an endpoint has. */
  readonly share: number;
  /** What checkpoints are fenced by; undefined: by nothing. */
  readonly leases: LeaseFence | undefined;
}

export interface Partitions {
  readonly of: number;
  readonly held: readonly number[];
}

/** Nobody else works on this store. */
export const EVERYTHING: Holdings = {
  owns: () => true,
  heldSince: () => Number.NEGATIVE_INFINITY,
  mayBegin: () => true,
  partitions: undefined,
  epoch: 0,
  share: 1,
  leases: undefined,
};
