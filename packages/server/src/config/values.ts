import { isIP } from 'node:net';
import { databaseName, databaseUrlProblem } from '../base/database-url.ts';
import { Unfit } from '../domain/settings/problem.ts';
import type { Config } from './config.ts';

export const LISTEN_EXPECTS = 'host:port, such as 127.0.0.1:7700, [::1]:7700 or 0.0.0.0:7700';
export const STORE_EXPECTS =
  'sqlite: and a file path, such as sqlite:./confab-data/confab.db, or postgres://user:password@host:5432/database';
export const CIDR_EXPECTS = 'an IP address or a range in CIDR form, such as 10.0.0.0/8';
export const COLLECTOR_EXPECTS = 'an http or https URL, such as http://127.0.0.1:4318';

const MAX_PORT = 65_535;

/** Host and port to listen on; port 0 lets the system choose. Throws `Unfit`. */
export function parseListen(written: string): Config['listen'] {
  const match = /^(?:\[([^\]]+)\]|([^:[\]\s/]+)):(\d{1,5})$/.exec(written);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  const bracketsHoldV6 = match?.[1] === undefined || isIP(match[1]) === 6;
  if (host === undefined || port > MAX_PORT || !bracketsHoldV6) {
    throw new Unfit(`must be ${LISTEN_EXPECTS}; it is ${JSON.stringify(written.slice(0, 80))}`);
  }
  return { host, port };
}

export function formatListen({ host, port }: Config['listen']): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Where the state lives. The path is relative to the working directory. Throws `Unfit`. */
export function parseStore(written: string): Config['store'] {
  if (/^postgres(ql)?:/.test(written)) return { kind: 'postgres', url: parseDatabaseUrl(written) };
  const path = /^sqlite:(.+)$/.exec(written)?.[1];
  if (path === undefined || path.includes('\0')) throw new Unfit(`must be ${STORE_EXPECTS}`);
  return { kind: 'sqlite', path };
}

/** What is wrong is told without the URL, for it may hold a password. */
function parseDatabaseUrl(written: string): string {
  const problem = databaseUrlProblem(written);
  if (problem !== undefined) throw new Unfit(problem);
  return written;
}

/** As it may be shown. */
export function formatStore(store: Config['store']): string {
  return store.kind === 'sqlite' ? `sqlite:${store.path}` : databaseName(store.url);
}

/** An address or a range of addresses. Throws `Unfit`. */
export function parseCidr(written: string): string {
  const match = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(written);
  const family = isIP(match?.[1] ?? '');
  if (family === 0 || Number(match?.[2] ?? 0) > (family === 4 ? 32 : 128)) {
    throw new Unfit(`must be ${CIDR_EXPECTS}; it is ${JSON.stringify(written.slice(0, 60))}`);
  }
  return written;
}

/** Where spans are posted to: the collector's URL, with OTLP's own path when it has none. Throws `Unfit`. */
export function parseCollector(written: string): string {
  const url = URL.parse(written);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.hash !== '') {
    throw new Unfit(`must be ${COLLECTOR_EXPECTS}, without user name`);
  }
  if (url.pathname === '/') url.pathname = '/v1/traces';
  return url.href;
}
