import type { Logger } from 'pino';
import type { Tracing } from '../base/tracing.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { Archives } from '../service/archives.ts';
import type { Caller, ServiceDeps } from '../service/caller.ts';
import { failureFields } from '../service/store-away.ts';
import { downloadHandler } from './archive/download.ts';
import { Authenticator, type RestApp } from './auth.ts';
import { readBody } from './body.ts';
import type { RestCommand } from './command.ts';
import { COMMANDS } from './commands.ts';
import type { HttpFault, HttpHandler, HttpReply, HttpRequest } from './http.ts';
import { RateLimit } from './rate.ts';
import { type LogFields, okReply, refusedReply } from './reply.ts';

export interface RestDeps extends Omit<ServiceDeps, 'sessions' | 'archives' | 'keysOf'> {
  readonly apps: readonly RestApp[];
  /** Per app and command; 0 = no limit. */
  readonly requestsPerSecond: number;
  readonly logger: Pick<Logger, 'error'>;
  readonly tracing?: Tracing;
}

const PREFIX = '/v4/';

/** Unknown commands of these services are the service's to refuse, with a code of its own (tencent-rest G.1 no. 37). */
const GROUP_COMMAND = /^\/v4\/group_open_[a-z_]*\/[^/]+$/;

/**
 * The handler of `POST /v4/{service}/{command}` (tencent-rest A.1). Checks in the order of tencent-rest-types-errors F.10:
 * URL, app, UserSig, admin, frequency, body; the rest is the command's.
 */
export function restHandlers(deps: RestDeps): HttpHandler[] {
  const commands = new Map(
    COMMANDS.map((command) => [`${PREFIX}${command.service.name}/${command.name}`, command]),
  );
  const { apps, clock, store } = deps;
  const sigsFrom = async (app: number, userId: string) =>
    (await store.accountStanding(app, userId))?.sigsFrom ?? 0;
  const authenticator = new Authenticator(apps, clock, sigsFrom);
  const keys = new Map(apps.map(({ sdkAppId, secretKeys }) => [sdkAppId, secretKeys]));
  const keysOf = (app: number) => keys.get(app) ?? [];
  const archives = new Archives(store, clock);
  const services = { ...deps, sessions: authenticator, archives, keysOf };
  const rate = new RateLimit(deps.requestsPerSecond, deps.clock);

  async function handle(request: HttpRequest): Promise<HttpReply> {
    const command = commands.get(request.path);
    const { tracing } = deps;
    if (tracing === undefined || command === undefined) return answer(request, command);
    const { traceparent } = request.headers;
    const parent = typeof traceparent === 'string' ? traceparent : undefined;
    const span = tracing.start(command.name, 'server', parent, clock.now(), {
      'http.request.method': request.method,
      'url.path': request.path,
      'confab.request_id': request.requestId,
    });
    const reply = await answer(request, command, span.traceparent);
    const { code = 0, app = 0 } = reply.log ?? {};
    const attributes = { 'http.response.status_code': reply.status, 'confab.app': app, 'confab.code': code };
    span.end(clock.now(), attributes, code === 0 ? undefined : `ErrorCode ${code}`);
    return reply;
  }

  async function answer(
    request: HttpRequest,
    command: RestCommand | undefined,
    traceparent?: string,
  ): Promise<HttpReply> {
    const fault = urlRefusal(request, command);
    if (fault !== undefined) return refusedReply(fault, {});
    const identity = await attempt(deps, request.requestId, 'authentication', () =>
      authenticator.authenticate(request.query, request.clientIp),
    );
    if (isRefusal(identity)) return refusedReply(identity, {});
    const { app, identifier } = identity;
    const log: Record<string, string | number> = { app: app.sdkAppId, operator: identifier };
    if (command === undefined) {
      return refusedReply(refuse('BAD_COMMAND', 'The group service has no such command; check the URL'), log);
    }
    log.command = command.name;
    if (!rate.allow(app.sdkAppId, command.name)) {
      const detail = `${command.name}: this app may call it ${deps.requestsPerSecond} times a second; call less often`;
      return refusedReply(refuse('REST_FREQUENCY_LIMIT', detail), log);
    }
    const body = readBody(command, request.body);
    if (isRefusal(body)) return refusedReply(body, log);
    const { clientIp, requestId } = request;
    const caller = {
      ...{ app: app.sdkAppId, operator: identifier, admins: app.admins },
      ...{ clientIp, requestId, origin: originOf(request) },
      ...(traceparent !== undefined && { traceparent }),
    };
    return run(services, command, caller, body.value, log);
  }

  return [{ prefix: PREFIX, handle, refuse: refuseUnread }, downloadHandler({ archives, clock, keysOf })];
}

async function run(
  deps: RestDeps & ServiceDeps,
  command: RestCommand,
  caller: Caller,
  request: unknown,
  log: LogFields,
): Promise<HttpReply> {
  const result = await attempt(deps, caller.requestId, command.name, () =>
    command.run(deps, caller, request),
  );
  return isRefusal(result) ? refusedReply(result, log) : okReply(result, log);
}

/** What comes of it; should it fail, the reason is logged and the caller is told where. */
async function attempt<T>(
  { logger }: Pick<RestDeps, 'logger'>,
  requestId: string,
  command: string,
  work: () => Promise<T>,
): Promise<T | Refusal> {
  try {
    return await work();
  } catch (error) {
    logger.error({ ...failureFields(error), requestId, command }, 'a command failed');
    const detail = `The server failed while it worked on this; its log says more under request ${requestId}`;
    return refuse('INTERNAL', detail);
  }
}

/** As the caller wrote it; a proxy before us says in `X-Forwarded-Proto` how it was reached. Only ever told to the caller himself. */
function originOf({ headers, secure }: HttpRequest): string {
  const { host } = headers;
  const named = typeof host === 'string' && /^[\w.:[\]-]{1,255}$/.test(host) ? host : 'localhost';
  const scheme = secure === true || headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `${scheme}://${named}`;
}

function urlRefusal(request: HttpRequest, command: RestCommand | undefined): Refusal | undefined {
  if (request.method !== 'POST') {
    return refuse('URL_INVALID', `The method is ${request.method}; the REST API takes POST only`);
  }
  const contentType = request.query.get('contenttype');
  if (contentType !== null && contentType !== 'json') {
    return refuse('URL_INVALID', 'contenttype in the URL is not json; the REST API speaks JSON only');
  }
  if (command !== undefined || GROUP_COMMAND.test(request.path)) return undefined;
  return refuse('RESOURCE_INVALID', 'There is no such command; check the path, /v4/{service}/{command}');
}

function refuseUnread(fault: HttpFault): HttpReply {
  return fault === 'body-too-large'
    ? refusedReply(
        refuse('BODY_TOO_LONG', 'The body is over limits.bodyBytes of this server; send less in one request'),
        {},
      )
    : refusedReply(
        refuse('URL_INVALID', 'Content-Encoding: only identity is understood; send the body as it is'),
        {},
      );
}
