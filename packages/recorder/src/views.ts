import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportEventLines, exportJsonLines } from './export.ts';
import type { Inbox } from './inbox.ts';
import { renderStats } from './render.ts';
import type { Stats, StatsOptions } from './stats.ts';
import { describeTally, type RequestCounts } from './tally.ts';

export interface ViewSources {
  readonly inbox: Inbox;
  stats(options: StatsOptions): Promise<Stats>;
  counts(): RequestCounts;
}

const LINES: Readonly<Record<string, (inbox: Inbox) => Iterable<string>>> = {
  '/export': exportJsonLines,
  '/export/events': exportEventLines,
};

/**
 * The pages for reading: `/` text, `/stats` JSON, `/export` and `/export/events` JSON Lines, the first two with `?tz=`. They show what people
 * wrote to each other, so they are answered to this machine alone: the peer must be a loopback address, and so must the name
 * it called us by (a web page elsewhere can make its own name point here).
 */
export async function view(
  sources: ViewSources,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  if (!isLocal(request)) {
    send(
      response,
      403,
      'text/plain',
      'Reading is answered to this machine only: http://127.0.0.1 or http://localhost.\n',
    );
    return;
  }
  if (request.method !== 'GET') {
    send(response, 405, 'text/plain', 'Webhooks come by POST, pages by GET.\n', { allow: 'GET, POST' });
    return;
  }
  const lines = LINES[path];
  if (lines !== undefined) {
    response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
    await pipeline(Readable.from(lines(sources.inbox)), response);
    return;
  }
  if (path !== '/' && path !== '/stats') {
    send(response, 404, 'text/plain', 'There is /, /stats, /export and /export/events.\n');
    return;
  }
  const tz = new URLSearchParams(query).get('tz') ?? undefined;
  const stats = await sources.stats({ tz });
  const requests = sources.counts();
  if (path === '/') send(response, 200, 'text/plain', renderStats(stats) + describeTally(requests));
  else send(response, 200, 'application/json', `${JSON.stringify({ ...stats, requests })}\n`);
}

/** The answer when a page could not be made; the connection ends if it had begun. */
export function viewFailed(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = error instanceof RangeError ? 400 : 500;
  send(response, status, 'text/plain', `${error instanceof Error ? error.message : String(error)}\n`);
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: { readonly [name: string]: string } = {},
): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(body);
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOCAL_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

function isLocal({ socket, headers }: IncomingMessage): boolean {
  return LOOPBACK.test(socket.remoteAddress ?? '') && LOCAL_HOST.test(headers.host ?? '');
}
