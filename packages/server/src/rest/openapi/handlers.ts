import type { RestCommand } from '../command.ts';
import type { HttpHandler, HttpReply, HttpRequest } from '../http.ts';
import { openApiDocument } from './document.ts';
import { openApiPage, PAGE_POLICY } from './page.ts';

const COMMON = { 'cache-control': 'max-age=300', 'x-content-type-options': 'nosniff' };

/** What the REST API takes, for programs at `/openapi.json` and for people at `/docs`: made at the first request, then kept. */
export function openApiHandlers(commands: readonly RestCommand[], version: string): HttpHandler[] {
  const document = once(() => openApiDocument(commands, version));
  return [
    resource(
      '/openapi.json',
      'application/json',
      once(() => JSON.stringify(document())),
      // Other pages may read it: it holds nothing of this installation but its version.
      { 'access-control-allow-origin': '*' },
    ),
    resource(
      '/docs',
      'text/html; charset=utf-8',
      once(() => openApiPage(document())),
      { 'content-security-policy': PAGE_POLICY },
    ),
  ];
}

function resource(
  path: string,
  contentType: string,
  body: () => string,
  headers: Readonly<Record<string, string>>,
): HttpHandler {
  const log = { command: path };
  return {
    prefix: path,
    handle(request: HttpRequest): HttpReply {
      if (request.path !== path) return { ...problem(404, `Nothing is here; did you mean ${path}?`), log };
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return { ...problem(405, `${path} is read with GET.`), headers: { allow: 'GET, HEAD' }, log };
      }
      return { status: 200, contentType, headers: { ...COMMON, ...headers }, body: body(), log };
    },
  };
}

function problem(status: number, error: string): HttpReply {
  return { status, body: JSON.stringify({ error }) };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
