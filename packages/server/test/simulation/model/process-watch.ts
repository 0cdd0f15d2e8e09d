import type { Checkpoint } from '../../../src/store/commands.ts';
import type { Process } from '../process.ts';
import { isDropped, type Request } from '../request.ts';
import type { Violation } from '../violation.ts';

/** The dispatcher's promise (design, invariant 6): what has ended is on its way to the store so many ms later. */
const CHECKPOINT_MS = 50;
/** The same: once an outcome is so old and not known to be durable, no attempt begins. */
const SILENT_MS = 1_000;

/** What one process owes the store. */
export class ProcessWatch {
  readonly #process: Process;
  /** Virtual ms at which outcomes came that no checkpoint has taken along yet. */
  #unwritten: { readonly request: Request; readonly at: number }[] = [];
  /** The checkpoint that is on its way, or is offered again until the store takes it. */
  #outstanding: Checkpoint | undefined;
  /** Virtual ms of its oldest outcome. */
  #outstandingSince: number | undefined;
  /** When the last one was taken: until then the next has to wait. */
  #freeAt = 0;
  /** The store refused the last checkpoint. */
  stuck = false;
  /** It knows that another process owns the store. */
  fenced = false;
  /** Endpoints that it knows to be paused or deleted. */
  readonly halted = new Set<number>();

  constructor(process: Process) {
    this.#process = process;
  }

  outcome(request: Request, at: number): void {
    this.#unwritten.push({ request, at });
  }

  issued(checkpoint: Checkpoint, now: number): Violation | undefined {
    if (checkpoint === this.#outstanding) return undefined;
    const late = this.overdue(now);
    this.#outstanding = checkpoint;
    this.#outstandingSince = this.#unwritten[0]?.at;
    this.#unwritten = [];
    return late;
  }

  refused(): void {
    this.stuck = true;
  }

  taken(now: number): void {
    this.#outstanding = undefined;
    this.#outstandingSince = undefined;
    this.#freeAt = now;
    this.stuck = false;
  }

  /** An outcome waits for longer than it may. */
  overdue(now: number): Violation | undefined {
    this.#forgetDropped();
    const oldest = this.#unwritten[0]?.at;
    if (oldest === undefined || this.#outstanding !== undefined) return undefined;
    const age = now - Math.max(oldest, this.#freeAt);
    const { rate, latenessMs } = this.#process;
    if (age <= CHECKPOINT_MS / rate + latenessMs) return undefined;
    return { rule: 'checkpoint-age', why: `an outcome was ${age} ms old and in no checkpoint` };
  }

  /** The store has been silent for so long that nothing may begin. */
  isSilent(now: number): boolean {
    this.#forgetDropped();
    const oldest = this.#outstandingSince ?? this.#unwritten[0]?.at;
    return oldest !== undefined && (now - oldest) * this.#process.rate > SILENT_MS;
  }

  /** Everything that ended is written down. */
  get clean(): boolean {
    this.#forgetDropped();
    return this.#unwritten.length === 0 && this.#outstanding === undefined;
  }

  /** Of lanes that are another node's nothing is written. */
  #forgetDropped(): void {
    this.#unwritten = this.#unwritten.filter(({ request }) => !isDropped(request));
  }
}
