import { Unfit } from './problem.ts';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNIT_MS;

/** A hundred years: longer ones are slips, and this one is still an exact number of milliseconds. */
const LONGEST_MS = 36_525 * UNIT_MS.d;

export const DURATION_EXPECTS = 'a duration such as 500ms, 30s, 5m, 12h or 7d';

/** `7d`, `500ms`, `0` as milliseconds. Throws `Unfit` for anything else; a number without a unit is only clear when it is 0. */
export function parseDuration(written: string | number): number {
  const text = String(written).trim();
  if (text === '0') return 0;
  const match = /^(\d{1,15})(ms|s|m|h|d)$/.exec(text);
  if (!match) {
    const hint = /^\d+$/.test(text) ? '; say the unit' : '';
    throw new Unfit(`must be ${DURATION_EXPECTS}; it is ${JSON.stringify(text.slice(0, 40))}${hint}`);
  }
  const ms = Number(match[1]) * UNIT_MS[match[2] as Unit];
  if (ms > LONGEST_MS) throw new Unfit('is longer than a hundred years; write 0 if you mean for ever');
  return ms;
}

/** Milliseconds in the largest unit that divides them: what `parseDuration` reads back. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0';
  const units: readonly Unit[] = ['d', 'h', 'm', 's'];
  const unit = units.find((candidate) => ms % UNIT_MS[candidate] === 0) ?? 'ms';
  return `${ms / UNIT_MS[unit]}${unit}`;
}
