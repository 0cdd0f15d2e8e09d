/** Rules of time zones change on the quarter hour of UTC, so one look-up serves 900 seconds. */
const QUARTER_HOUR_S = 900;
/** Furthest moment that `Date` knows, in unix seconds. */
const MAX_TIME_S = 8.64e12;
/** A year has 35,040 quarter hours. */
const MAX_REMEMBERED = 100_000;

/**
 * For an IANA time zone, the seconds to add to a unix time in seconds so that it reads as local time. Throws a `RangeError`
 * that says so when there is no such zone.
 */
export function zoneOffset(tz: string): (unixSeconds: number) => number {
  const format = zoneFormat(tz);
  const remembered = new Map<number, number>();
  return (unixSeconds) => {
    if (Math.abs(unixSeconds) > MAX_TIME_S) return 0;
    const quarter = Math.floor(unixSeconds / QUARTER_HOUR_S);
    const known = remembered.get(quarter);
    if (known !== undefined) return known;
    const offset = offsetIn(format, unixSeconds);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(quarter, offset);
    return offset;
  };
}

function zoneFormat(tz: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName: 'longOffset' });
  } catch (error) {
    const message = `There is no time zone ${JSON.stringify(tz)}. Give an IANA name such as Europe/Berlin or UTC.`;
    throw new RangeError(message, { cause: error });
  }
}

/** The zone's name in this format is `GMT`, `GMT+05:30`, or for old times `GMT+00:53:28`. */
function offsetIn(format: Intl.DateTimeFormat, unixSeconds: number): number {
  const name =
    format.formatToParts(unixSeconds * 1000).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = 0, minutes = 0, seconds = 0] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
  const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -offset : offset;
}

/** `2026-11-21 08:00:12` in a zone; an offset table cannot be wrong about a moment the calendar does not know. */
export function localTime(unixMs: number, offset: (unixSeconds: number) => number): string {
  const local = new Date(unixMs + offset(unixMs / 1000) * 1000);
  return Number.isNaN(local.getTime()) ? String(unixMs) : local.toISOString().slice(0, 19).replace('T', ' ');
}
