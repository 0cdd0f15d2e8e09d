import { DEFAULT_LEASE_MS, type Lease, partitionOf } from '../../../src/domain/lease.ts';
import type { Checkpoint, CommandResult } from '../../../src/store/commands.ts';
import type { LeaseTable } from '../leases.ts';
import type { Process } from '../process.ts';
import type { Request } from '../request.ts';
import type { Violation } from '../violation.ts';
import type { Books } from './books.ts';

/** A node looks for free leases at least so often, and needs so long until it has them. */
const LOOKS_EVERY_MS = DEFAULT_LEASE_MS / 3;
const TAKES_MS = 600;

/** What several nodes on one database owe each other (docs/decisions/0029). */
export class LeaseWatch {
  readonly #table: LeaseTable;
  readonly #books: Books;

  constructor(table: LeaseTable, books: Books) {
    this.#table = table;
    this.#books = books;
  }

  /** The lanes of this stream are still leased as they were then. */
  isCurrent(streamId: number, tenure: number): boolean {
    return this.#table.isCurrent(streamId, tenure);
  }

  /** An attempt begins; virtual ms. */
  started({ process, streamId, tenure, seq }: Request, at: number): Violation | undefined {
    const what = `event ${seq} of g${streamId} was begun by node ${process.generation}`;
    if (tenure === 0) return { rule: 'lease', why: `${what} without a lease` };
    if (!this.#table.isCurrent(streamId, tenure))
      return { rule: 'lease', why: `${what} under a lease that is not its any more` };
    const over = at - this.#table.endOf(streamId);
    if (over < 0) return undefined;
    return { rule: 'lease', why: `${what} ${over} ms after its lease had ended` };
  }

  /** A node has taken a partition that nobody held since `freeSince`: its lanes begin anew, as their rows say. */
  taken(process: Process, { partition }: Lease, freeSince: number, now: number): Violation | undefined {
    const { healthySince, dispatchesSince } = process;
    const since = Math.max(freeSince, healthySince, dispatchesSince, this.#table.lastEnd);
    const waited = now - since;
    const most = LOOKS_EVERY_MS + TAKES_MS + process.latenessMs;
    if (waited <= most) return undefined;
    const why = `partition ${partition} was free for ${waited} ms with node ${process.generation} there to take it`;
    return { rule: 'take-over', why };
  }

  /** A node gives leases back: nothing is under way, and what it delivered is written down unless the store did not take it. */
  released(leases: readonly Lease[], isStuck: boolean): Violation | undefined {
    const generations = new Map(leases.map(({ partition, generation }) => [partition, generation]));
    for (const { streamId, endpointId, lane } of this.#books.lanes()) {
      const tenure = generations.get(partitionOf(streamId, this.#table.partitions));
      if (tenure === undefined) continue;
      const open = [...lane.inFlight].find((request) => request.tenure === tenure && request.process.alive);
      if (open !== undefined)
        return { rule: 'hand-over', why: `${lane.name} was given back with event ${open.seq} under way` };
      if (isStuck || this.#books.deletions.has(endpointId)) continue;
      const lost = lane.unwritten(tenure);
      if (lost === undefined) continue;
      const why = `${lane.name} was given back, and the delivery of event ${lost.seq} was not written down`;
      return { rule: 'hand-over', why };
    }
    return undefined;
  }

  /** What is written is of lanes that are leased as they were when it was done; what is not, the node is told. */
  written({ lanes, leases }: Checkpoint, result: CommandResult): Violation | undefined {
    const lost = result.kind === 'done' && 'lost' in result ? (result.lost ?? []) : [];
    for (const { streamId, endpointId } of lanes) {
      const isTold = lost.some((lane) => lane.streamId === streamId && lane.endpointId === endpointId);
      if (isTold !== this.#isHeld(leases, streamId)) continue;
      const why = isTold ? 'was refused under its own lease' : 'was written under a lease that is over';
      return { rule: 'fenced', why: `a checkpoint of g${streamId} ${why}` };
    }
    return undefined;
  }

  /** What of a checkpoint belongs to lanes that are leased as they were when it was done. */
  heldPartOf({ leases, lanes, deadLetters }: Checkpoint): Pick<Checkpoint, 'lanes' | 'deadLetters'> {
    return {
      lanes: lanes.filter(({ streamId }) => this.#isHeld(leases, streamId)),
      deadLetters: deadLetters.filter(({ lane }) => this.#isHeld(leases, lane.streamId)),
    };
  }

  #isHeld(leases: Checkpoint['leases'], streamId: number): boolean {
    const generation = leases?.generations.get(partitionOf(streamId, leases.of));
    return generation !== undefined && this.#table.isCurrent(streamId, generation);
  }
}
