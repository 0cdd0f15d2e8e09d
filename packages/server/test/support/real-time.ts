/** For tests of real processes, which nobody can give a clock. */
import assert from 'node:assert/strict';

const LOOK_EVERY_MS = 20;

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

/** Looks until it is so; fails with what was waited for when the time is over. */
export async function until(
  what: string,
  withinMs: number,
  done: () => boolean | Promise<boolean>,
): Promise<void> {
  const began = performance.now();
  while (!(await done())) {
    assert.ok(performance.now() - began < withinMs, `${what}: not within ${withinMs} ms`);
    await pause(LOOK_EVERY_MS);
  }
}
