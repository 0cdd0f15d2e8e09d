import type { Clock } from '../base/clock.ts';
import type { HttpHandler, HttpReply, HttpRequest } from './http.ts';

export interface HealthDeps {
  readonly clock: Clock;
  /** Rejects with a reason when requests cannot be served: the store does not answer, or the server is stopping. */
  readonly ready: () => Promise<void>;
  /** This process among others on its database. */
  readonly node?: () => HealthNode | undefined;
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
}

export interface HealthNode {
  readonly id: string;
  readonly role: string;
  /** Partitions of lanes that it works on now. */
  readonly held: number;
}

/** A store that takes longer than this to answer is not ready. */
const READY_WITHIN_MS = 2_000;

/** What probes and Prometheus ask, without authentication: `/healthz` (the process runs; no I/O), `/readyz`, `/metrics`. */
export function healthHandlers({ clock, ready, node = () => undefined, metrics }: HealthDeps): HttpHandler[] {
  return [
    page('/healthz', () => ({ status: 200, body: JSON.stringify({ status: 'ok', ...aboutNode(node()) }) })),
    page('/readyz', () => readiness(ready, clock)),
    page('/metrics', async () => ({
      status: 200,
      contentType: metrics.contentType,
      body: await metrics.render(),
    })),
  ];
}

function aboutNode(node: HealthNode | undefined): object {
  return node === undefined ? {} : { node: node.id, role: node.role, partitions: node.held };
}

function page(path: string, answer: () => HttpReply | Promise<HttpReply>): HttpHandler {
  const log = { command: path };
  return {
    prefix: path,
    async handle(request: HttpRequest) {
      if (request.path !== path) return { ...problem(404, `Nothing is here; did you mean ${path}?`), log };
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return { ...problem(405, `${path} is read with GET.`), headers: { allow: 'GET, HEAD' }, log };
      }
      return { ...(await answer()), log };
    },
  };
}

async function readiness(ready: () => Promise<void>, clock: Clock): Promise<HttpReply> {
  const why = await new Promise<string | undefined>((resolve) => {
    const timer = clock.setTimer(READY_WITHIN_MS, () => {
      resolve(`The store has not answered within ${READY_WITHIN_MS} ms.`);
    });
    const settle = (reason: string | undefined) => {
      timer.cancel();
      resolve(reason);
    };
    ready().then(
      () => settle(undefined),
      (error: unknown) => settle(error instanceof Error ? error.message : String(error)),
    );
  });
  if (why === undefined) return { status: 200, body: '{"status":"ready"}' };
  return { status: 503, body: JSON.stringify({ status: 'unavailable', reason: why }) };
}

function problem(status: number, error: string): HttpReply {
  return { status, body: JSON.stringify({ error }) };
}
