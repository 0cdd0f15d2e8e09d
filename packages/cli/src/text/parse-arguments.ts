import { InvalidArgumentError } from 'commander';
import { reasonOf } from '../cli-error.ts';
import { checkTimeZone, parseTime } from './time.ts';

const UINT32 = 2 ** 32 - 1;

/** A parser for an option that takes a whole number. */
export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,16}$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
  };
}

/** `SdkAppid`, `MsgSeq` and `Random` are 32-bit unsigned on the wire (tencent-rest A.7). */
export const positiveUint32 = integer(1, UINT32);
export const uint32 = integer(0, UINT32);

/** Unix milliseconds of a written time. */
export function time(text: string): number {
  const ms = parseTime(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError(
    'Give a time with its zone, such as 2026-01-31T09:30:00Z or 2026-01-31T17:30:00+08:00, or unix seconds.',
  );
}

export function timeZone(text: string): string {
  try {
    return checkTimeZone(text);
  } catch (error) {
    throw new InvalidArgumentError(reasonOf(error));
  }
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:7701`, `[::1]:7701`; port 0 takes a free one. */
export function hostAndPort(text: string): HostAndPort {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port <= 65_535) return { host, port };
  throw new InvalidArgumentError('Give an address and a port, such as 127.0.0.1:7701.');
}

/** An http or https address without user name, query or fragment; the trailing slash goes. */
export function baseUrl(text: string): string {
  const url = URL.parse(text);
  const usable = url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash;
  if (usable) return url.href.replace(/\/+$/, '');
  throw new InvalidArgumentError('Give an address such as http://127.0.0.1:7700.');
}
