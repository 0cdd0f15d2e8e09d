import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy in front of a database: its target can be changed, its connections cut, and answers held back. */
export class SwitchProxy {
  target: number;
  /** Asked for each chunk that the database sends: false, and it is lost together with the connection. */
  passes: (chunk: Buffer) => boolean = () => true;
  #port = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((client) => this.#pipe(client));

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
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close(): void {
    this.#server.close();
    this.cut();
  }

  #pipe(client: Socket): void {
    const upstream = connect(this.target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
      socket.on('error', () => socket.destroy());
    }
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      if (this.passes(chunk)) client.write(chunk);
      else client.resetAndDestroy();
    });
  }
}
