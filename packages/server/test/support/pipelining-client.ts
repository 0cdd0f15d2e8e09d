import { connect, type Socket } from 'node:net';

/** An answer as it stood on the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * A client of HTTP/1.1 that writes many requests on one connection before it reads the answers: about ten times as fast as `fetch`,
 * for tests that send a hundred thousand.
 */
export class PipeliningClient implements Disposable {
  readonly #socket: Socket;
  readonly #answers: RawAnswer[] = [];
  #unread: Buffer = Buffer.alloc(0);
  #wanted = 0;
  #arrived = Promise.withResolvers<void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('close', () => this.#arrived.reject(new Error(`closed after ${this.#answers.length} answers`)));
    socket.on('error', (error) => this.#arrived.reject(error));
  }

  static async open(port: number): Promise<PipeliningClient> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new PipeliningClient(socket);
  }

  /** POSTs each to its path; the answers in the same order. */
  async post(
    requests: readonly (readonly [path: string, body: Uint8Array])[],
  ): Promise<readonly RawAnswer[]> {
    if (requests.length === 0) return [];
    this.#answers.length = 0;
    this.#wanted = requests.length;
    this.#arrived = Promise.withResolvers();
    this.#socket.write(
      Buffer.concat(
        requests.flatMap(([path, body]) => [
          Buffer.from(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`),
          body,
        ]),
      ),
    );
    await this.#arrived.promise;
    return [...this.#answers];
  }

  [Symbol.dispose](): void {
    this.#arrived.promise.catch(() => {});
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    for (;;) {
      const end = this.#unread.indexOf(HEAD_END);
      if (end === -1) break;
      const head = this.#unread.subarray(0, end).toString('latin1');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
      const from = end + HEAD_END.length;
      if (this.#unread.length < from + length) break;
      const body = this.#unread.subarray(from, from + length).toString('utf8');
      this.#unread = this.#unread.subarray(from + length);
      this.#answers.push({ status: Number(head.slice(9, 12)), body });
    }
    if (this.#answers.length === this.#wanted) this.#arrived.resolve();
  }
}
