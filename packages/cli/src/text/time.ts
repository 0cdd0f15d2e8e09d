import { CliError } from '../cli-error.ts';

/**
 * A moment as text that can be pasted back into any option that takes a time: ISO 8601 with milliseconds, and `Z` or the offset.
 *
 * @param ms Unix milliseconds.
 * @param timeZone IANA name, e.g. `Asia/Shanghai`. Throws a CliError when there is none of that name.
 */
export function formatTime(ms: number, timeZone = 'UTC'): string {
  const offset = offsetMinutes(ms, timeZone);
  const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1);
  if (offset === 0) return `${local}Z`;
  const two = (n: number) => String(n).padStart(2, '0');
  const size = Math.abs(offset);
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Zones of before 1900 had seconds in their offset; nothing printed here is that old, so minutes are exact. */
function offsetMinutes(ms: number, timeZone: string): number {
  const parts = zoneFormat(timeZone).formatToParts(ms);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -size : size;
}

function zoneFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    throw new CliError(`No time zone is called ${timeZone}. Give an IANA name such as Asia/Shanghai or UTC.`);
  }
}

/** Whether a zone can be printed in; throws the CliError of `formatTime` otherwise. */
export function checkTimeZone(timeZone: string): string {
  zoneFormat(timeZone);
  return timeZone;
}

/** From here on a bare number is taken as milliseconds: 1973 in milliseconds, the year 5138 in seconds. */
const FIRST_MILLISECONDS = 1e11;

/**
 * A moment as a person writes it, in unix milliseconds: ISO 8601 with `Z` or an offset, a bare date (its first moment in UTC),
 * unix seconds or unix milliseconds. Undefined when it is none of these.
 */
export function parseTime(text: string): number | undefined {
  if (/^\d{1,15}$/.test(text)) {
    const number = Number(text);
    return number < FIRST_MILLISECONDS ? number * 1000 : number;
  }
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return undefined;
  const ms = isDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** Whether the month has such a day: `Date.parse` makes 2 March of 30 February. */
function isDay(date: string): boolean {
  const midnight = Date.parse(date);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
}
