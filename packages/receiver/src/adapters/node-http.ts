import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PlainRequest, PlainResponse, Receiver } from '../index.ts';

/**
 * A listener for `http.createServer` or `https.createServer`. It answers every request that it is handed; put it behind your
 * own routing when the server has other paths.
 */
export function nodeHttp(receiver: Receiver): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    void receiver.handle(plainRequest(request, request.url)).then((plain) => writeNode(response, plain));
  };
}

export function plainRequest(request: IncomingMessage, url = '/', body = unreadBody(request)): PlainRequest {
  return { method: request.method ?? 'GET', url, headers: request.headers, body };
}

export function writeNode(response: ServerResponse, { status, headers, body, close }: PlainResponse): void {
  response.writeHead(status, {
    ...headers,
    'content-length': Buffer.byteLength(body),
    ...(close && { connection: 'close' }),
  });
  response.end(body);
}

/** Ending the loop early must not destroy the request: the answer goes over the same socket. */
function unreadBody(request: IncomingMessage): PlainRequest['body'] {
  return request.iterator({ destroyOnReturn: false });
}
