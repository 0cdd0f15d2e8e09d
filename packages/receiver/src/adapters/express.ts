import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PlainRequest, Receiver } from '../index.ts';
import { plainRequest, writeNode } from './node-http.ts';

/** The members of Express's request that are used; 4 and 5 have them. */
export interface ExpressRequest extends IncomingMessage {
  /** The URL as it came, whatever the router it is mounted in. */
  readonly originalUrl: string;
  /** What a body parser left: bytes, text or a value. */
  body?: unknown;
}

/**
 * An Express handler: `app.use('/im', express(receiver))`. Best without a body parser before it, or with `raw()`: after
 * `json()` the body is written anew, which changes no value, but the parser's limits and its inflating of bodies apply.
 */
export function express(receiver: Receiver): (request: ExpressRequest, response: ServerResponse) => void {
  return (request, response) => {
    const plain = plainRequest(request, request.originalUrl, parsedBody(request));
    void receiver.handle(plain).then((answer) => writeNode(response, answer));
  };
}

/** Undefined when no parser has read the body, so that the stream is still ours. */
function parsedBody({ body, readableEnded }: ExpressRequest): PlainRequest['body'] | undefined {
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body === undefined || !readableEnded) return undefined;
  return new TextEncoder().encode(JSON.stringify(body));
}
