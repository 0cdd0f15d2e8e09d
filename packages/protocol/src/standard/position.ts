/**
 * Header of a 2xx answer, and of nothing else: "everything of this lane through log sequence N is applied here". The sender
 * goes on behind N, forward or back. The same number may stand in the answer's JSON body as `appliedThrough`.
 */
export const POSITION_HEADER = 'confab-applied-through';

/** A log sequence, or 0 for "nothing yet". */
export function isPosition(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** The header's value. Throws a `RangeError` for anything but a whole number from 0 to 2^53 - 1. */
export function buildPosition(appliedThrough: number): string {
  if (isPosition(appliedThrough)) return String(appliedThrough);
  throw new RangeError(
    `A position is the log sequence applied through, a whole number from 0, not ${appliedThrough}.`,
  );
}

/** The number of a header's value; undefined for anything that `buildPosition` does not write. */
export function parsePosition(text: string): number | undefined {
  const position = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : undefined;
  return isPosition(position) ? position : undefined;
}
