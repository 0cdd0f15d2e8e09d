import type { Coverage } from './coverage.ts';
import type { Fault, FaultKind, Port } from './plan.ts';

/** Says which fault, if any, meets a call of a port. */
export class Faults {
  readonly #planned = new Map<Port, Map<number, FaultKind>>();
  readonly #calls: Record<Port, number> = {
    commit: 0,
    read: 0,
    send: 0,
    timer: 0,
    hint: 0,
    cluster: 0,
    notice: 0,
  };
  readonly #coverage: Coverage;
  readonly #trace: (line: () => string) => void;
  /** How many have struck; an outage counts once. */
  struck = 0;
  #off = false;

  constructor(faults: readonly Fault[], coverage: Coverage, trace: (line: () => string) => void) {
    this.#coverage = coverage;
    this.#trace = trace;
    for (const { port, nth, kind } of faults) {
      const planned = this.#planned.get(port);
      if (planned === undefined) this.#planned.set(port, new Map([[nth, kind]]));
      else planned.set(nth, kind);
    }
  }

  /** Counts a call; `call` names it in the coverage table. */
  meet(port: Port, call: string): FaultKind | undefined {
    if (this.#off) return undefined;
    const nth = this.#calls[port];
    this.#calls[port] += 1;
    const kind = this.#planned.get(port)?.get(nth);
    if (kind !== undefined) this.note(kind, call);
    return kind;
  }

  /** A fault that was not planned for one call: an outage, a crash at some moment. */
  note(kind: string, call: string): void {
    this.struck += 1;
    this.#trace(() => `! ${kind} meets ${call}`);
    this.#coverage.add(kind, call);
  }

  /** From now on everything works. */
  end(): void {
    this.#off = true;
  }
}
