import { errors } from 'undici';

/**
 * How far an attempt had come when it failed.
 *
 * - `blocked`: refused before connecting, since the target must not be called
 * - `dns`, `connect`, `tls`: the connection could not be made
 * - `send`: the request had not fully left this machine
 * - `headers`, `body`: the answer's head, then its body, did not arrive whole
 * - `aborted`: ended from this side, by `destroy()` or after `close()`
 */
export type Stage = 'blocked' | 'dns' | 'connect' | 'tls' | 'send' | 'headers' | 'body' | 'aborted';

/** The receiver answered, with whatever status; redirects are answers too. */
export interface Answer {
  kind: 'answer';
  status: number;
  /** At most `answerLimitBytes` of it, decoded as UTF-8. */
  body: string;
  /** The `Retry-After` header as it came. */
  retryAfter?: string;
  /** The header `confab-applied-through` as it came. */
  position?: string;
  /** The body was longer than the limit; the rest was not read. */
  truncated: boolean;
  durationMs: number;
}

/**
 * There was no whole answer. `code` is `TIMEOUT`, `ADDRESS_BLOCKED`, `URL_INVALID`, `REQUEST_INVALID`,
 * `CONNECTION_CLOSED`, `ANSWER_INCOMPLETE`, `ANSWER_MALFORMED`, `ANSWER_HEADERS_TOO_LARGE`, `DESTROYED`, `CLOSED`, or
 * the code of the operating system, the resolver or TLS (`ECONNREFUSED`, `ENOTFOUND`, `CERT_HAS_EXPIRED`, …).
 */
export interface Failure {
  kind: 'failed';
  stage: Stage;
  code: string;
  /** One sentence. Never holds header values, bodies or the address behind a blocked name. */
  message: string;
  durationMs: number;
}

export type Outcome = Answer | Failure;

export type Cause = Pick<Failure, 'stage' | 'code' | 'message'>;

/** A connection that could not be made, with the stage it failed in. */
export class ConnectFailure extends Error {
  readonly stage: Stage;
  readonly code: string;

  constructor({ stage, code, message }: Cause) {
    super(message);
    this.stage = stage;
    this.code = code;
  }
}

/** The codes of undici that have a better name here. */
const RENAMED: ReadonlyMap<string, readonly [code: string, message: string]> = new Map([
  [
    'UND_ERR_SOCKET',
    ['CONNECTION_CLOSED', 'The receiver closed the connection before its answer was complete.'],
  ],
  [
    'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    ['ANSWER_INCOMPLETE', 'The answer is shorter than its Content-Length.'],
  ],
  ['UND_ERR_HEADERS_OVERFLOW', ['ANSWER_HEADERS_TOO_LARGE', 'The headers of the answer are too large.']],
]);

const INVALID_REQUEST = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED']);

/** Names the cause of a failure: `error` as Node, undici or the guard gave it, `reached` the stage the attempt was in. */
export function causeOf(error: Error, reached: Stage): Cause {
  if (error instanceof ConnectFailure)
    return { stage: error.stage, code: error.code, message: error.message };
  const code = codeOf(error);
  if (code === 'EADDRBLOCKED') return { stage: 'blocked', code: 'ADDRESS_BLOCKED', message: error.message };
  if (INVALID_REQUEST.has(code)) {
    return {
      stage: 'send',
      code: 'REQUEST_INVALID',
      message: `The request cannot be sent: ${error.message}.`,
    };
  }
  const renamed = RENAMED.get(code);
  if (renamed !== undefined) return { stage: reached, code: renamed[0], message: renamed[1] };
  // Recognised by class, since undici 8.12 leaves the code of its parser's errors empty.
  if (error instanceof errors.HTTPParserError) {
    return {
      stage: reached,
      code: 'ANSWER_MALFORMED',
      message: `The answer cannot be read: ${error.message}.`,
    };
  }
  // With TLS 1.3 the receiver's refusal of our side arrives after the handshake.
  const stage = code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') ? 'tls' : reached;
  return { stage, code, message: `The attempt failed (stage ${stage}): ${textOf(error)}.` };
}

export function timeoutCause(stage: Stage, timeoutMs: number): Cause {
  return {
    stage,
    code: 'TIMEOUT',
    message: `The attempt took longer than ${timeoutMs} ms (stage ${stage}).`,
  };
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}

/** When several addresses were tried, Node gives an `AggregateError` without text of its own. */
function textOf(error: Error): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join('; ');
  }
  return error.message;
}
