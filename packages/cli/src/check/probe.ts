import http from 'node:http';
import { Socket } from 'node:net';
import type { Config, EndpointSettings } from '@confab-im/server';
import { connectTo, foreseenTrouble } from '@confab-im/server';
import { reasonOf } from '../cli-error.ts';

/** The first probe pays for name, connection and TLS; the round trip is the median of the others, on the kept connection. */
const PROBES = 6;

export type ProbeResult =
  | { readonly ok: true; readonly status: number; readonly roundTripMs: number }
  | { readonly ok: false; readonly why: string };

/**
 * Finds out whether webhooks would get through to an endpoint, under the same address rules and time-out as they do.
 * It sends `HEAD` without a body and without any parameter of a webhook, which no app backend takes for an event; every
 * answer counts, whatever its status, since a server that takes only POST refuses `HEAD`.
 */
export async function probeEndpoint(
  endpoint: EndpointSettings,
  proxies: Config['proxies'],
): Promise<ProbeResult> {
  const trouble = foreseenTrouble(endpoint, Date.now(), proxies);
  if (trouble.length > 0) return { ok: false, why: trouble.join('; ') };
  const url = new URL(endpoint.url);
  const agent = agentOver(() => connectTo(endpoint, proxies));
  try {
    const times: number[] = [];
    let status = 0;
    for (let i = 0; i < PROBES; i++) {
      const before = performance.now();
      status = await head(url, endpoint, agent);
      times.push(performance.now() - before);
    }
    const warm = times.slice(1).sort((a, b) => a - b);
    return { ok: true, status, roundTripMs: warm[Math.floor(warm.length / 2)] ?? 0 };
  } catch (error) {
    return { ok: false, why: explain(error, endpoint.timeoutMs) };
  } finally {
    agent.destroy();
  }
}

/** TLS, where there is any, is part of the connection: what is spoken over it is HTTP either way. */
function agentOver(connect: () => Promise<Socket>): http.Agent {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  agent.createConnection = (_options, done) => {
    connect().then(
      (socket) => done?.(null, socket),
      (error: Error) => done?.(error, new Socket()),
    );
    return undefined;
  };
  return agent;
}

function head(url: URL, endpoint: EndpointSettings, agent: http.Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    http
      .request(
        {
          method: 'HEAD',
          path: url.pathname + url.search,
          agent,
          signal: AbortSignal.timeout(endpoint.timeoutMs),
          headers: { host: url.host, 'user-agent': 'confab-check' },
        },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode ?? 0));
          response.on('error', reject);
        },
      )
      // A tunnel is handed over paused, and a socket that was paused by hand is not set going by its first listener.
      .on('socket', (socket) => socket.resume())
      .on('error', reject)
      .end();
  });
}

function explain(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'AbortError')
    return `no answer within timeoutMs (${timeoutMs})`;
  return reasonOf(error);
}
