import http from 'node:http';
import https from 'node:https';
import type { EndpointSettings } from '@confab-im/server';
import { foreseenTrouble, guardedLookup } from '@confab-im/server';
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
export async function probeEndpoint(endpoint: EndpointSettings): Promise<ProbeResult> {
  const url = new URL(endpoint.url);
  const trouble = foreseenTrouble(endpoint, Date.now());
  if (trouble.length > 0) return { ok: false, why: trouble.join('; ') };
  const agent = new (url.protocol === 'https:' ? https : http).Agent({ keepAlive: true, maxSockets: 1 });
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

function head(url: URL, endpoint: EndpointSettings, agent: http.Agent): Promise<number> {
  const secure = url.protocol === 'https:';
  const request = secure ? https.request : http.request;
  const privateOnly = !secure && endpoint.allowPlainHttp !== true;
  return new Promise((resolve, reject) => {
    request(
      url,
      {
        method: 'HEAD',
        agent,
        ...(secure && { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...endpoint.tls }),
        lookup: guardedLookup(endpoint.allowPrivateNetwork, undefined, privateOnly),
        signal: AbortSignal.timeout(endpoint.timeoutMs),
        headers: { 'user-agent': 'confab-check' },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', reject);
      },
    )
      .on('error', reject)
      .end();
  });
}

function explain(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'AbortError')
    return `no answer within timeoutMs (${timeoutMs})`;
  return reasonOf(error);
}
