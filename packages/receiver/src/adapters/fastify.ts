import type { IncomingMessage } from 'node:http';
import type { Receiver } from '../index.ts';
import { plainRequest } from './node-http.ts';

/** The members of Fastify's request, reply and instance that are used. */
export interface FastifyRequestLike {
  readonly raw: IncomingMessage;
  readonly originalUrl: string;
}

export interface FastifyReplyLike {
  code(status: number): unknown;
  headers(values: { readonly [name: string]: string }): unknown;
  send(body: string): unknown;
}

export interface FastifyScopeLike {
  removeAllContentTypeParsers(): void;
  addContentTypeParser(
    type: string,
    parser: (request: unknown, payload: unknown, done: (error: null, body?: unknown) => void) => void,
  ): unknown;
  post(
    path: string,
    handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>,
  ): unknown;
}

/**
 * Routes for Fastify: `app.register(fastify(receiver, '/im'))`. They take POST on the path and below it (OpenIM appends its
 * command to the path). The content-type parsers of this scope are replaced by one that leaves the body unread; the rest of
 * the application keeps its own.
 */
export function fastify(receiver: Receiver, path: string): (scope: FastifyScopeLike) => Promise<void> {
  const base = path.replace(/\/+$/, '');
  return async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    const route = async (request: FastifyRequestLike, reply: FastifyReplyLike) => {
      const plain = await receiver.handle(plainRequest(request.raw, request.originalUrl));
      reply.code(plain.status);
      reply.headers(plain.close ? { ...plain.headers, connection: 'close' } : plain.headers);
      return reply.send(plain.body);
    };
    scope.post(base || '/', route);
    scope.post(`${base}/*`, route);
  };
}
