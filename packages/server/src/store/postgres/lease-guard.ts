import type { LeaseLookup } from '../sqlite/tables.ts';
import { int8s } from './arrays.ts';
import type { Guard, Guards } from './guards.ts';
import { type Questions, question } from './questions.ts';
import type { Memory } from './rows.ts';
import { type Call, call, statement } from './statement.ts';

/** Nobody can take a lease before the transaction ends; its own holder can renew it all the same. */
const HELD = statement(
  `WITH held AS (
     SELECT 1 FROM lease l JOIN unnest($1::int8[], $2::int8[]) AS x (partition, generation)
       ON l.partition = x.partition AND l.generation = x.generation
     WHERE l.node_id IS NOT NULL ORDER BY l.partition FOR KEY SHARE OF l
   )
   SELECT CASE WHEN count(*) = $3 THEN 0 ELSE refuse('leases') END FROM held`,
);
const GENERATION = question<[number], number | null>(
  'SELECT generation FROM lease WHERE partition = $1 AND node_id IS NOT NULL',
  null,
  ([row]) => (row === undefined ? null : Number(row.generation)),
);

/**
 * What a checkpoint believes of its leases is taken for true, and guarded by the transaction; only if it turns out to be wrong are
 * they looked up.
 */
export class LeaseGuard implements LeaseLookup, Memory {
  readonly #questions: Questions;
  readonly #guards: Guards;
  readonly #guard: Guard;
  readonly #relied = new Map<number, number>();
  /** Partitions whose leases the last checkpoints were fenced by; undefined: none ever was. */
  #lately: Set<number> | undefined;
  #doubted = false;

  constructor(questions: Questions, guards: Guards) {
    this.#questions = questions;
    this.#guards = guards;
    const held = () => this.#held();
    this.#guard = {
      name: 'leases',
      get call() {
        return held();
      },
      failed: () => this.#doubt(),
    };
  }

  holds(partition: number, generation: number): boolean {
    if (this.#doubted && this.#questions.ask(GENERATION, partition) !== generation) return false;
    // Two checkpoints of one batch may be fenced by different leases of a partition: no more than one can be right.
    const relied = this.#relied.get(partition);
    if (relied !== undefined && relied !== generation) return false;
    this.#relied.set(partition, generation);
    this.#guards.put(this.#guard);
    return true;
  }

  /** This process works on the lanes of that partition, as far as it knows. */
  worksOn(partition: number): boolean {
    return this.#lately?.has(partition) ?? true;
  }

  discard(): void {
    this.#relied.clear();
  }

  keep(): void {
    this.#doubted = false;
    if (this.#relied.size > 0) this.#lately ??= new Set();
    for (const partition of this.#relied.keys()) this.#lately?.add(partition);
    this.#relied.clear();
  }

  forget(): void {
    this.#relied.clear();
  }

  #held(): Call {
    const leases = [...this.#relied];
    const partitions = int8s(leases.map(([partition]) => partition));
    const generations = int8s(leases.map(([, generation]) => generation));
    return call(HELD, partitions, generations, leases.length);
  }

  #doubt(): void {
    this.#doubted = true;
    this.#lately?.clear();
  }
}
