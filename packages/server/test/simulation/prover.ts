import { Coverage } from './coverage.ts';
import { SimulatedDatabase } from './database.ts';
import { type History, runHistory } from './history.ts';
import { loadWithFault } from './load-with-fault.ts';
import { makePlan } from './make-plan.ts';
import type { Trace } from './model/model.ts';
import type { Plan } from './plan.ts';
import { PLANTED_FAULTS, type PlantedFault } from './planted-faults.ts';
import { shrink } from './shrink.ts';
import { SOUND, type System } from './system.ts';
import type { Violation } from './violation.ts';

export interface Proof {
  readonly histories: number;
  /** Histories with at least 20 sends in which at least 3 faults struck. */
  readonly full: number;
  /** Histories with more than one node. */
  readonly severalNodes: number;
  readonly sends: number;
  readonly faults: number;
  readonly steps: number;
  readonly coverage: Coverage;
  readonly broken: readonly { readonly seed: number; readonly violation: Violation }[];
}

export interface Catch {
  readonly fault: PlantedFault;
  /** Seeds until it was caught; undefined: it was not. */
  readonly after: number | undefined;
  readonly violation: Violation | undefined;
}

/** Broken histories are kept up to here; more tell nothing new. */
const BROKEN_LIMIT = 20;
const FULL_SENDS = 20;
const FULL_FAULTS = 3;

/** Runs histories one after the other over one database. */
export class Prover {
  readonly #database = new SimulatedDatabase();

  run(plan: Plan, coverage: Coverage, system: System = SOUND, trace?: Trace): Promise<History> {
    const options = { system, database: this.#database, coverage };
    return runHistory(plan, trace === undefined ? options : { ...options, trace });
  }

  /** The seeds `from` … `from + count - 1` against the code as it is; `onHistory` is told how many are done, and how many broke. */
  async prove(
    from: number,
    count: number,
    onHistory: (done: number, broken: number) => void = () => {},
  ): Promise<Proof> {
    const coverage = new Coverage();
    const broken: { seed: number; violation: Violation }[] = [];
    let [histories, full, severalNodes, sends, faults, steps] = [0, 0, 0, 0, 0, 0];
    for (let seed = from; seed < from + count && broken.length < BROKEN_LIMIT; seed += 1) {
      const plan = makePlan(seed);
      const history = await this.run(plan, coverage);
      const sent = plan.steps.filter((step) => step.do === 'send').length;
      histories += 1;
      sends += sent;
      if (plan.nodes !== undefined) severalNodes += 1;
      faults += history.faults;
      steps += history.steps;
      if (sent >= FULL_SENDS && history.faults >= FULL_FAULTS) full += 1;
      if (history.violation !== undefined) broken.push({ seed, violation: history.violation });
      onHistory(histories, broken.length);
    }
    return { histories, full, severalNodes, sends, faults, steps, coverage, broken };
  }

  /** Looks for a planted fault in the seeds from `from` on, `limit` of them at most. */
  async catchFault(fault: PlantedFault, from: number, limit: number): Promise<Catch> {
    const system = await loadWithFault(fault);
    const coverage = new Coverage();
    for (let seed = from; seed < from + limit; seed += 1) {
      const plan = makePlan(seed);
      if (fault.severalNodes === true && plan.nodes === undefined) continue;
      const { violation } = await this.run(plan, coverage, system);
      if (violation !== undefined) return { fault, after: seed - from + 1, violation };
    }
    return { fault, after: undefined, violation: undefined };
  }

  /** The shortest plan found that still breaks what this seed breaks; undefined when it breaks nothing. */
  async shortest(seed: number, system: System = SOUND): Promise<Plan | undefined> {
    const coverage = new Coverage();
    const run = (plan: Plan) => this.run(plan, coverage, system);
    const plan = makePlan(seed);
    const { violation } = await run(plan);
    return violation === undefined ? undefined : shrink(plan, violation.rule, run);
  }
}

export function plantedFault(name: string): PlantedFault {
  const fault = PLANTED_FAULTS.find((one) => one.name === name);
  if (fault !== undefined) return fault;
  const names = PLANTED_FAULTS.map((one) => one.name).join(', ');
  throw new Error(`there is no planted fault "${name}"; choose one of ${names}`);
}
