/**
 * A TCP proxy between a client and a server on 127.0.0.1 that loses the network on command.
 *
 *     await using proxy = await startHalfOpenProxy(receiver.port);
 *     … talk to proxy.port …
 *     proxy.swallow();      // both directions vanish, the connections look alive
 *     await proxy.swallowed();  // something has been lost
 *     proxy.reset();        // all connections are reset; new ones are taken in the present mode
 *
 * What was swallowed is gone for good: `pass()` lets only later bytes through.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { resetSocket } from './reset-socket.ts';
import { type Gate, gate } from './scripted-receiver.ts';

export interface HalfOpenProxy extends AsyncDisposable {
  readonly port: number;
  /** Forward what arrives from now on (the mode at the start). */
  pass(): void;
  /** Read and drop what arrives from now on, and tell neither side of the other's end. */
  swallow(): void;
  /** Resolves once bytes have been swallowed since the last `swallow()`. */
  swallowed(): Promise<void>;
  /** Resolves once a side has closed a connection since the last `swallow()`, of which the other is not told. */
  abandoned(): Promise<void>;
  /** Resets every open connection on both sides. */
  reset(): void;
  close(): Promise<void>;
}

export async function startHalfOpenProxy(targetPort: number): Promise<HalfOpenProxy> {
  const relay = new Relay(targetPort);
  await relay.listen();
  return relay;
}

class Relay implements HalfOpenProxy {
  #swallowing = false;
  #lost: Gate = gate();
  #left: Gate = gate();
  readonly #sockets = new Set<Socket>();
  readonly #server;

  constructor(targetPort: number) {
    this.#server = createServer((client) => {
      const server = connect(targetPort, '127.0.0.1');
      this.#join(client, server);
      this.#join(server, client);
    });
  }

  async listen(): Promise<void> {
    const listening = gate();
    this.#server.listen(0, '127.0.0.1', listening.open);
    await listening.opened;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  pass(): void {
    this.#swallowing = false;
  }

  swallow(): void {
    this.#swallowing = true;
    this.#lost = gate();
    this.#left = gate();
  }

  swallowed(): Promise<void> {
    return this.#lost.opened;
  }

  abandoned(): Promise<void> {
    return this.#left.opened;
  }

  reset(): void {
    for (const socket of this.#sockets) resetSocket(socket);
  }

  async close(): Promise<void> {
    const closed = gate();
    this.#server.close(() => closed.open());
    for (const socket of this.#sockets) socket.destroy();
    await closed.opened;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', (bytes) => {
      if (this.#swallowing) this.#lost.open();
      else to.write(bytes);
    });
    from.on('error', () => from.destroy());
    from.on('end', () => {
      if (!this.#swallowing) to.end();
    });
    from.on('close', () => {
      this.#sockets.delete(from);
      if (this.#swallowing) this.#left.open();
      else to.destroy();
    });
  }
}
