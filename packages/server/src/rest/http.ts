/** A request and its answer as plain values: what every handler behind the HTTP server sees. */
export interface HttpRequest {
  readonly method: string;
  /** Path without the query, as sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Raw body, within the limit; empty for GET. */
  readonly body: Buffer;
  /** The caller's address: the socket's, or what a trusted proxy's `X-Forwarded-For` says. */
  readonly clientIp: string;
  /** It came over TLS. */
  readonly secure?: boolean;
  /** Unique per request, in the log line and in the `operationID` of OpenIM webhooks. */
  readonly requestId: string;
}

export interface HttpReply {
  readonly status: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** For the one log line of this request: app, command, error code. Never a secret. */
  readonly log?: Readonly<Record<string, string | number>>;
}

/** Why the server refuses a request before its handler sees it. */
export type HttpFault = 'body-too-large' | 'content-encoding';

/** Answers the requests under its prefix. Never rejects for bad input; a rejection is a bug and becomes a 500. */
export interface HttpHandler {
  readonly prefix: string;
  handle(request: HttpRequest): HttpReply | Promise<HttpReply>;
  /** The fault in the handler's own form; without it the server answers plain 413 or 415. */
  refuse?(fault: HttpFault): HttpReply;
  /** The answer in the handler's own form when `handle` has rejected; without it the server answers a plain 500. */
  failed?(requestId: string): HttpReply;
}
