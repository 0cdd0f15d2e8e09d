import assert from 'node:assert/strict';
import { Ledger } from '../kills/ledger.ts';
import { Nodes } from '../kills/nodes.ts';
import { Senders } from '../kills/senders.ts';
import { until } from './real-time.ts';
import { type Receiver, startReceiver } from './scripted-receiver.ts';
import { ServerProcess, type ServerProcessOptions } from './server-process.ts';

const GROUPS = 24;
const SENDERS = 8;
/** Progress is at most 50 ms old when a process dies, and a second when its store goes silent; the rest is the machine's. */
const REPEAT_WITHIN_MS = 2_500;
/** A client gives a node up after so long. */
const PATIENCE_MS = 1_000;

/** Real processes under load, and the books of what was acknowledged and what arrived. */
export class NodesUnderLoad implements AsyncDisposable {
  readonly ledger = new Ledger(REPEAT_WITHIN_MS);
  readonly servers: readonly ServerProcess[];
  readonly nodes: Nodes;
  readonly #receiver: Receiver;
  readonly #senders: Senders;
  readonly #heard = new Set<string>();
  #over = false;
  #sending: Promise<void> = Promise.resolve();

  private constructor(receiver: Receiver, options: readonly ServerProcessOptions[]) {
    this.#receiver = receiver;
    receiver.reply(({ body }) => {
      const group = this.ledger.hear(body);
      if (group !== undefined) this.#heard.add(group);
      return {};
    });
    this.servers = options.map((one) => new ServerProcess(receiver.url, { patienceMs: PATIENCE_MS, ...one }));
    this.nodes = new Nodes(this.servers, this.ledger, REPEAT_WITHIN_MS);
    this.#senders = new Senders(this.nodes, this.ledger, { groups: GROUPS, count: SENDERS });
  }

  /** One process for each; all of them are up, and every group has had messages. */
  static async start(options: readonly ServerProcessOptions[]): Promise<NodesUnderLoad> {
    const load = new NodesUnderLoad(await startReceiver(), options);
    await load.nodes.startAll({});
    await load.#senders.createGroups();
    load.#sending = load.#senders.until(() => load.#over);
    await load.everyGroup(20_000);
    return load;
  }

  /** Where webhooks go. */
  get url(): string {
    return this.#receiver.url;
  }

  /** Resolves when each group has had a new message since now. */
  async everyGroup(withinMs: number): Promise<void> {
    this.#heard.clear();
    await until('something new in every group', withinMs, () => this.#heard.size === GROUPS);
  }

  /** Something goes wrong; to be called when it is over. */
  fault(): () => void {
    const ended = this.ledger.fault(Date.now());
    return () => ended(Date.now() + REPEAT_WITHIN_MS);
  }

  /** Ends the load, waits for all that was acknowledged, and stops those that are up: nothing may be lost, copied or out of order. */
  async settle(): Promise<void> {
    this.#over = true;
    await this.#sending;
    await this.#senders.finish();
    await until('everything acknowledged', 60_000, () => this.ledger.missing().length === 0);
    this.ledger.close();
    assert.deepEqual(this.ledger.broken, []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    await Promise.all(this.servers.map((server) => server.dispose()));
    await this.#receiver.close();
  }
}

export async function partitionsOf(server: ServerProcess): Promise<number> {
  const answer = await fetch(`${server.url}/healthz`);
  return ((await answer.json()) as { partitions: number }).partitions;
}

export async function isReady(server: ServerProcess): Promise<boolean> {
  return (await fetch(`${server.url}/readyz`)).status === 200;
}
