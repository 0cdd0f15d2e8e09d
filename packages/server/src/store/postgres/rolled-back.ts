import { StoreError } from '../errors.ts';
import { call, statement } from './statement.ts';

/** Stands in `confab_meta` from when a process noticed it until `confab restore --in-place`. */
const KEY = 'rolled_back';

/** Whoever starts next would give out numbers again that receivers know, and know nothing of it. */
export const NOTE_ROLLED_BACK = call(
  statement('INSERT INTO confab_meta VALUES ($1, $2) ON CONFLICT (key) DO NOTHING'),
  KEY,
  'true',
);
export const RESTORED = call(statement('DELETE FROM confab_meta WHERE key = $1'), KEY);

/** Throws StoreError `corrupt` where a process has noticed that the database lost what it had acknowledged. */
export function checkNotRolledBack(settings: ReadonlyMap<string, string>): void {
  if (settings.has(KEY))
    throw new StoreError(
      'corrupt',
      'the database lost what it had acknowledged while Confab ran (it was put back, or a standby took over that was behind), so numbers ' +
        'would be given out again: stop all nodes, run "confab restore --in-place", and start them',
    );
}
