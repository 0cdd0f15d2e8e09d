import { markdownTable } from '../../src/base/markdown-table.ts';
import type { KillRun } from './kill-run.ts';
import { pagePart } from './page-part.ts';

const PART = pagePart('kills');
const NONE = 'Not run yet: `npm run prove:kills -- --kills 500 --write-docs`.';

/** What `docs/proof.md` says of real processes that were killed, between two marks that let each command write its own part. */
export function killsSection(
  { kills, acknowledged, arrived, repeats, longestRepeatMs, broken }: KillRun,
  seed: number,
): string {
  const count = (number: number) => number.toLocaleString('en');
  const total = Object.values(kills).reduce((sum, number) => sum + number, 0);
  return `Made by \`npm run prove:kills -- --kills ${total} --seed ${seed} --write-docs\`.

${markdownTable([
  ['Killed with SIGKILL', 'Times'],
  ...Object.entries(kills).map(([kind, times]) => [kind, count(times)]),
])}

${markdownTable([
  ['', ''],
  ['Messages acknowledged', count(acknowledged)],
  ['Messages that arrived', count(arrived)],
  ['Arrived again after a kill', count(repeats)],
  ['The oldest of these had arrived before the kill by', `${count(longestRepeatMs)} ms`],
  ['Lost, copied, reordered, or repeated without a kill', String(broken.length)],
])}`;
}

/** The place of that part on a new page. */
export const KILLS_PLACE = PART.place;
export const withKills = PART.put;
/** The part on kills of a page; of a page that has none, where it comes from. */
export const killsOf = (page: string): string => PART.read(page, NONE);
