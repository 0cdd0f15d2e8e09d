/** A message as its answer and its webhook tell it. */
export interface Numbered {
  readonly group: string;
  readonly msgSeq: number;
  readonly random: number;
}

/** What is read of a webhook's body, in the dialect `tencent`. */
interface Webhook {
  readonly GroupId: string;
  readonly MsgSeq: number;
  readonly Random: number;
}

interface Arrival {
  readonly random: number;
  /** Unix ms of the latest arrival. */
  lastAt: number;
}

/**
 * The books of a run with kills: what was acknowledged, what arrived, when a process died. Whatever breaks a promise
 * (delivery guarantees, 1, 2, 3, 6) is noted as a sentence.
 */
export class Ledger {
  readonly broken: string[] = [];
  repeats = 0;
  /** The longest time in ms between an arrival that came again and the kill that followed it. */
  longestRepeatMs = 0;
  readonly #repeatWithinMs: number;
  readonly #acknowledged = new Map<string, number>();
  readonly #arrived = new Map<string, Arrival>();
  readonly #keyOfRandom = new Map<number, string>();
  readonly #top = new Map<string, number>();
  /** From when to when something was wrong, and how many arrived again on account of it. */
  readonly #faults: { readonly from: number; to: number; repeats: number }[] = [];

  /** `repeatWithinMs`: what arrived longer before a kill must not come again after it. */
  constructor(repeatWithinMs: number) {
    this.#repeatWithinMs = repeatWithinMs;
  }

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  get arrived(): number {
    return this.#arrived.size;
  }

  acknowledge({ group, msgSeq, random }: Numbered): void {
    const key = `${group}/${msgSeq}`;
    const before = this.#acknowledged.get(key);
    if (before !== undefined && before !== random) {
      this.broken.push(`${key} was acknowledged for Random ${before} and again for ${random}`);
    }
    this.#acknowledged.set(key, random);
  }

  /** Something goes wrong; what is returned is told when it is over. Meanwhile progress may not be written down. */
  fault(from: number): (to: number) => void {
    const fault = { from, to: Number.POSITIVE_INFINITY, repeats: 0 };
    this.#faults.push(fault);
    return (to) => {
      fault.to = to;
    };
  }

  /** The most messages that arrived again on account of one fault. */
  get mostRepeats(): number {
    return Math.max(0, ...this.#faults.map(({ repeats }) => repeats));
  }

  /** The body of a webhook arrives; its group, if it is new. */
  hear(body: string): string | undefined {
    const { GroupId: group, MsgSeq: msgSeq, Random: random } = JSON.parse(body) as Webhook;
    return this.arrive({ group, msgSeq, random }, Date.now()) ? group : undefined;
  }

  /** True when it is new. */
  arrive({ group, msgSeq, random }: Numbered, at: number): boolean {
    const key = `${group}/${msgSeq}`;
    const before = this.#arrived.get(key);
    if (before !== undefined) {
      this.#repeat(key, before, random, at);
      return false;
    }
    const top = this.#top.get(group) ?? 0;
    if (msgSeq !== top + 1) this.broken.push(`${key} arrived before ${group}/${top + 1}`);
    this.#top.set(group, Math.max(top, msgSeq));
    this.#arrived.set(key, { random, lastAt: at });
    const other = this.#keyOfRandom.get(random);
    if (other !== undefined) this.broken.push(`Random ${random} is the message ${other} and ${key}`);
    this.#keyOfRandom.set(random, key);
    return true;
  }

  /** Everything acknowledged that has not arrived; empty at the end of a run. */
  missing(): string[] {
    return [...this.#acknowledged.keys()].filter((key) => !this.#arrived.has(key));
  }

  /** At the end of a run: each acknowledged message arrived as what it was. */
  close(): void {
    for (const key of this.missing()) this.broken.push(`${key} was acknowledged and never arrived`);
    for (const [key, random] of this.#acknowledged) {
      const arrival = this.#arrived.get(key);
      if (arrival !== undefined && arrival.random !== random) {
        this.broken.push(`${key} was acknowledged for Random ${random} and arrived with ${arrival.random}`);
      }
    }
  }

  #repeat(key: string, before: Arrival, random: number, at: number): void {
    this.repeats += 1;
    if (before.random !== random) this.broken.push(`${key} arrived as Random ${before.random} and ${random}`);
    const fault = this.#faults.find(({ to }) => to >= before.lastAt);
    if (fault === undefined) this.broken.push(`${key} came again though no process died since`);
    else {
      fault.repeats += 1;
      const age = Math.max(0, fault.from - before.lastAt);
      this.longestRepeatMs = Math.max(this.longestRepeatMs, age);
      if (age > this.#repeatWithinMs) {
        this.broken.push(`${key} came again, and had arrived ${age} ms before the kill`);
      }
    }
    before.lastAt = at;
  }
}
