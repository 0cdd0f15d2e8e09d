import type { Start } from '../endpoint.ts';
import { Unfit } from './problem.ts';

export const START_EXPECTS =
  'now, beginning, a time such as 2026-01-31T08:00:00Z, unix milliseconds, or { sequence: N }';

/** Plain numbers below this are sequences, from `MS_FROM` on unix milliseconds; between them lie unix seconds, which nobody asked for. */
const SEQUENCE_BELOW = 1e9;
const MS_FROM = 1e11;
/** The last moment that a JavaScript date can hold. */
export const START_LAST_MS = 8.64e15;

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

export type WrittenStart = string | number | { readonly sequence: number };

/** Where the lanes of a new endpoint begin (design "Configuration", `start`). Throws `Unfit`. */
export function parseStart(written: WrittenStart): Start {
  if (typeof written === 'object') return { at: 'sequence', seq: written.sequence };
  if (typeof written === 'number') return startOfNumber(written);
  if (written === 'now' || written === 'beginning') return { at: written };
  return { at: 'time', time: parseTime(written) };
}

function startOfNumber(value: number): Start {
  if (value < SEQUENCE_BELOW) return { at: 'sequence', seq: value };
  if (value < MS_FROM)
    throw new Unfit(`must be ${START_EXPECTS}; ${value} looks like unix seconds, so add three zeros`);
  return { at: 'time', time: value };
}

/** An ISO 8601 date (midnight UTC) or time with its zone, as unix milliseconds. Throws `Unfit`. */
export function parseTime(written: string): number {
  const time = ISO.test(written) && isDay(written.slice(0, 10)) ? Date.parse(written) : Number.NaN;
  if (Number.isNaN(time)) {
    const zone = /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(written) ? ' (add Z or an offset such as +08:00)' : '';
    throw new Unfit(`is no time that can be read${zone}: write it like 2026-01-31T08:00:00Z`);
  }
  return time;
}

/** Whether the month has such a day: `Date.parse` makes 2 March of 30 February. */
function isDay(date: string): boolean {
  const midnight = Date.parse(date);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
}

/** What is wrong with the start of an endpoint that is made at `now` (unix ms): events are told from their commit on, and none is to be held back. */
export function startProblem(start: Start, now: number): string | undefined {
  if (start.at !== 'time' || start.time <= now) return undefined;
  const when = new Date(start.time).toISOString();
  return `is in the future (${when}): an endpoint gets events from when it is made, or from before; write a time in the past, or now`;
}

/** As `parseStart` reads it back. */
export function showStart(start: Start): WrittenStart {
  if (start.at === 'sequence') return { sequence: start.seq };
  return start.at === 'time' ? new Date(start.time).toISOString() : start.at;
}
