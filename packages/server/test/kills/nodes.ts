import type { Prng } from '../simulation/prng.ts';
import { pause } from '../support/real-time.ts';
import type { ServerProcess } from '../support/server-process.ts';
import type { Ledger } from './ledger.ts';
import { readOut } from './read-out.ts';
import type { Target } from './senders.ts';

interface Node {
  readonly server: ServerProcess;
  state: 'up' | 'paused' | 'down';
}

/** Nobody has more than this many of its nodes away at a time. */
const LEAST_UP = 1;
/** A node that was killed or paused is back after so long, at most. */
const LONGEST_AWAY_MS = 9_000;
/** When no node can be asked, a client waits so long. */
const NOBODY_MS = 50;

/** The nodes of a run behind something like a load balancer: a call goes to one that is not known to be down. */
export class Nodes implements Target {
  /** Of the processes that are started from now on. */
  env: Readonly<Record<string, string>> = {};
  readonly #nodes: readonly Node[];
  readonly #ledger: Ledger;
  readonly #lateMs: number;
  readonly #returning = new Set<Promise<void>>();
  #turn = 0;

  constructor(servers: readonly ServerProcess[], ledger: Ledger, lateMs: number) {
    this.#nodes = servers.map((server) => ({ server, state: 'down' }));
    this.#ledger = ledger;
    this.#lateMs = lateMs;
  }

  async startAll(env: Readonly<Record<string, string>>): Promise<void> {
    this.env = env;
    for (const node of this.#nodes) await this.#start(node);
    await this.allWell();
  }

  /** Also one that is paused, which nobody can know. */
  async call(command: string, body: object): Promise<Record<string, unknown>> {
    const callable = this.#nodes.filter(({ state }) => state !== 'down');
    this.#turn += 1;
    const node = callable[this.#turn % Math.max(1, callable.length)];
    try {
      if (node === undefined) throw new Error('no node is up');
      return await node.server.call(command, body);
    } catch (error) {
      await pause(NOBODY_MS);
      throw error;
    }
  }

  /** Every node is up, and they have shared all partitions. */
  async allWell(): Promise<void> {
    while (this.#returning.size > 0) await Promise.all(this.#returning);
    for (;;) {
      const shares = await Promise.all(this.#nodes.map((node) => partitionsOf(node.server)));
      if (shares.every((share) => share > 0) && shares.reduce((sum, share) => sum + share, 0) === 64) return;
      await pause(100);
    }
  }

  /** SIGKILL; it is started again after a while, or after what is measured. */
  async killOne(random: Prng, measure?: (at: number) => Promise<unknown>): Promise<void> {
    const node = await this.#choose(random);
    node.state = 'down';
    const away = random.between(0, LONGEST_AWAY_MS);
    await node.server.kill();
    await readOut(this.#ledger, node.server.diedAt);
    await measure?.(node.server.diedAt);
    this.#later(measure === undefined ? away : 0, () => this.#start(node));
  }

  /** SIGSTOP, and SIGCONT before or after its leases have ended. */
  async pauseOne(random: Prng): Promise<void> {
    const node = await this.#choose(random);
    node.state = 'paused';
    const ended = this.#ledger.fault(Date.now());
    node.server.pause();
    this.#later(random.between(500, LONGEST_AWAY_MS), async () => {
      node.server.resume();
      node.state = 'up';
      ended(Date.now() + this.#lateMs);
    });
  }

  /** SIGTERM: what is under way ends, and nothing comes again. */
  async stopOne(random: Prng): Promise<void> {
    const node = await this.#choose(random);
    node.state = 'down';
    await node.server.stop();
    this.#later(random.between(0, LONGEST_AWAY_MS), () => this.#start(node));
  }

  /** The same with this one, which stays away. */
  async retire(server: ServerProcess): Promise<void> {
    const node = this.#nodes.find((one) => one.server === server);
    if (node !== undefined) node.state = 'down';
    await server.stop();
  }

  async #choose(random: Prng): Promise<Node> {
    for (;;) {
      const up = this.#nodes.filter(({ state }) => state === 'up');
      const [first, ...others] = up;
      if (first !== undefined && up.length > LEAST_UP) return random.pick([first, ...others]);
      await pause(100);
    }
  }

  async #start(node: Node): Promise<void> {
    // While the database is away, a start ends with an error.
    while (!(await node.server.start(this.env))) await pause(200);
    node.state = 'up';
  }

  #later(ms: number, work: () => Promise<void>): void {
    const returning = pause(ms)
      .then(work)
      .finally(() => this.#returning.delete(returning));
    this.#returning.add(returning);
  }
}

async function partitionsOf(server: ServerProcess): Promise<number> {
  try {
    const answer = await fetch(`${server.url}/healthz`, { signal: AbortSignal.timeout(1_000) });
    return Number(((await answer.json()) as { partitions?: number }).partitions ?? 0);
  } catch {
    return 0;
  }
}
