import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket | undefined;
  dead: boolean;
}

/**
 * A TCP proxy in front of a database that does what a firewall does that has lost its state: every connection goes dead, neither side is
 * told, and none of them ever lives again; connections that are made after `heal()` work.
 */
export class DeadLinkProxy {
  /** The port of the database; new connections lead there. */
  target: number;
  #port = 0;
  #isCut = false;
  readonly #pairs = new Set<Pair>();
  readonly #server = createServer((client) => this.#join(client));

  constructor(target: number) {
    this.target = target;
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  url(query = ''): string {
    return `postgres://postgres@127.0.0.1:${this.#port}/postgres${query}`;
  }

  /** From now on nothing gets through. */
  cut(): void {
    this.#isCut = true;
    for (const pair of this.#pairs) pair.dead = true;
  }

  heal(): void {
    this.#isCut = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const { client, upstream } of this.#pairs) {
      client.destroy();
      upstream?.destroy();
    }
  }

  #join(client: Socket): void {
    const upstream = this.#isCut ? undefined : connect(this.target, '127.0.0.1');
    const pair: Pair = { client, upstream, dead: this.#isCut };
    this.#pairs.add(pair);
    this.#relay(pair, client, upstream);
    if (upstream !== undefined) this.#relay(pair, upstream, client);
  }

  #relay(pair: Pair, from: Socket, to: Socket | undefined): void {
    from.on('data', (bytes) => {
      if (!pair.dead) to?.write(bytes);
    });
    from.on('error', () => from.destroy());
    from.on('close', () => {
      if (!pair.dead) to?.destroy();
    });
  }
}
