import { roleSuffices } from '../../domain/admin-role.ts';
import type { Actor } from '../../service/admin.ts';
import { storeAway } from '../../service/store-away.ts';
import type { HttpHandler, HttpReply, HttpRequest } from '../http.ts';
import { ApiError, STATUS_OF, sentence } from './api-error.ts';
import { Query } from './query.ts';
import type { AdminApiDeps, Call } from './route.ts';
import { ADMIN_PREFIX, type Match, routesAt } from './routes.ts';
import { tokenCheck } from './tokens.ts';

/** Secrets are masked, but what is shown is nobody else's business either. */
const HEADERS = { 'cache-control': 'no-store' };

/**
 * The admin API: JSON in and out, a bearer token with a role, errors as `{ error: { code, message } }` with the HTTP status that
 * fits. docs/admin-api.md lists the calls.
 */
export function adminHandlers(deps: AdminApiDeps): HttpHandler[] {
  const actorOf = tokenCheck(deps.tokens);
  return [
    {
      prefix: ADMIN_PREFIX,
      async handle(request) {
        const { authorization } = request.headers;
        const actor = actorOf(typeof authorization === 'string' ? authorization : undefined);
        const log: Record<string, string> = { command: 'admin', ...(actor && { actor: actor.name }) };
        try {
          if (actor === undefined) throw noToken(deps, authorization);
          const { route, params } = routeOf(request);
          log.command = `admin ${route.method} ${route.path}`;
          return { ...(await answer(deps, actor, { route, params }, request)), log };
        } catch (error) {
          if (error instanceof ApiError) return { ...errorReply(error), log };
          const away = storeAway(error);
          if (away === undefined) throw error;
          return { ...errorReply(new ApiError('unavailable', sentence(away))), log };
        }
      },
      failed: (requestId) =>
        errorReply(
          new ApiError('internal', `The server failed; its log says more under request ${requestId}.`),
        ),
      refuse: (fault) =>
        errorReply(
          fault === 'body-too-large'
            ? new ApiError('too-large', 'The body is over limits.bodyBytes; send less.')
            : new ApiError('content-encoding', 'Only bodies without a Content-Encoding are understood.'),
        ),
    },
  ];
}

async function answer(
  deps: AdminApiDeps,
  actor: Actor,
  { route, params }: Match,
  request: HttpRequest,
): Promise<HttpReply> {
  if (!roleSuffices(actor.role, route.role)) {
    throw new ApiError(
      'forbidden',
      `This call needs the role ${route.role}; the token "${actor.name}" has ${actor.role}.`,
    );
  }
  const query = new Query(request.query);
  query.allowOnly(Object.keys(route.query ?? {}));
  const call: Call = {
    deps,
    actor,
    query,
    param: (name) => params.get(name) ?? '',
    json: () => jsonOf(request.body),
  };
  const { status, body } = await route.handle(call);
  return { status, headers: HEADERS, body: JSON.stringify(body) };
}

function routeOf({ method, path }: HttpRequest): Match {
  const matches = routesAt(path.slice(ADMIN_PREFIX.length));
  const match = matches.find(({ route }) => route.method === method);
  if (match !== undefined) return match;
  if (matches.length === 0)
    throw new ApiError('not-found', 'There is no such call; docs/admin-api.md lists them all.');
  const methods = matches.map(({ route }) => route.method).join(', ');
  throw new ApiError('method-not-allowed', `This path is called with ${methods}.`, { allow: methods });
}

/** Tells only what the caller knows himself: whether he sent a token. */
function noToken({ tokens }: AdminApiDeps, authorization: unknown): ApiError {
  const sent = typeof authorization === 'string' && /^Bearer +[^ ]/i.test(authorization);
  const what =
    tokens.length === 0
      ? 'No admin token is configured; add one under admin.tokens.'
      : sent
        ? 'The token that was sent is none of admin.tokens; check that it is whole and of this server.'
        : 'Send "Authorization: Bearer TOKEN" with a token of admin.tokens.';
  return new ApiError('unauthorized', what, { 'www-authenticate': 'Bearer realm="confab"' });
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new ApiError('invalid', 'The body must be JSON in UTF-8.');
  }
}

function errorReply({ code, message, headers }: ApiError): HttpReply {
  return {
    status: STATUS_OF[code],
    headers: { ...HEADERS, ...headers },
    body: JSON.stringify({ error: { code, message } }),
  };
}
