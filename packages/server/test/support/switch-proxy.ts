import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { resetSocket } from './reset-socket.ts';

/** A connection through the proxy; once it is dead, neither side hears of the other again. */
interface Link {
  isDead: boolean;
}

/** A TCP proxy in front of a database: its target can be changed, its connections cut or go dead, and answers held back. */
export class SwitchProxy implements AsyncDisposable {
  target: number;
  /** Asked for each chunk that the database sends: false, and it is lost together with the connection. */
  passes: (chunk: Buffer) => boolean = () => true;
  #port = 0;
  #isDead = false;
  readonly #links = new Set<Link>();
  readonly #sockets = new Set<Socket>();
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

  /** Every connection breaks at once. */
  cut(): void {
    for (const socket of this.#sockets) resetSocket(socket);
  }

  /**
   * What a firewall does that has lost its state: every connection goes dead, neither side is told, and none of them ever lives again.
   * New ones are dead too until `heal()`.
   */
  deaden(): void {
    this.#isDead = true;
    for (const link of this.#links) link.isDead = true;
  }

  heal(): void {
    this.#isDead = false;
  }

  close(): void {
    this.#server.close();
    this.cut();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  #join(client: Socket): void {
    const link = { isDead: this.#isDead };
    const upstream = connect(this.target, '127.0.0.1');
    this.#links.add(link);
    this.#relay(link, client, upstream, () => true);
    this.#relay(link, upstream, client, (chunk) => this.passes(chunk));
  }

  #relay(link: Link, from: Socket, to: Socket, passes: (chunk: Buffer) => boolean): void {
    this.#sockets.add(from);
    from.on('data', (chunk: Buffer) => {
      if (link.isDead) return;
      if (passes(chunk)) to.write(chunk);
      else resetSocket(to);
    });
    from.on('error', () => from.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      this.#links.delete(link);
      if (!link.isDead) to.destroy();
    });
  }
}
