import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';

/**
 * One keep-alive connection with one request at a time, by hand: the load generator shares the machine's cores with what is
 * measured, and an HTTP client of Node takes a multiple of this one's time for a request.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #head: string;
  #received = '';
  #onAnswer: ((body: string) => void) | undefined;

  /** `onFailure` is called once, when the connection is of no use any more. */
  constructor(url: URL, onFailure: (error: Error) => void) {
    this.#head = `POST ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\nContent-Length: `;
    this.#socket = connect(Number(url.port), url.hostname).setNoDelay(true).setEncoding('latin1');
    this.#socket.on('data', (text: string) => this.#take(text));
    this.#socket.on('error', onFailure);
    this.#socket.on('end', () => onFailure(new Error('the server closed a connection')));
  }

  /** Posts a body of ASCII characters; `onAnswer` gets the body of the answer. */
  post(body: string, onAnswer: (body: string) => void): void {
    this.#onAnswer = onAnswer;
    this.#socket.write(`${this.#head}${body.length}${HEAD_END}${body}`, 'latin1');
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const length = Number(/content-length: *(\d+)/i.exec(this.#received.slice(0, headEnd))?.[1]);
    if (Number.isNaN(length)) throw new Error('The load generator needs answers with a Content-Length.');
    const bodyStart = headEnd + HEAD_END.length;
    if (this.#received.length < bodyStart + length) return;
    const body = this.#received.slice(bodyStart, bodyStart + length);
    this.#received = this.#received.slice(bodyStart + length);
    this.#onAnswer?.(body);
  }
}
