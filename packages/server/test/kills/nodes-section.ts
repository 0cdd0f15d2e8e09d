import { markdownTable } from '../../src/base/markdown-table.ts';
import type { ClusterRun } from './cluster-run.ts';
import { pagePart } from './page-part.ts';

const PART = pagePart('nodes');
const NONE = 'Not run yet: `npm run prove:nodes -- --faults 200 --write-docs`.';

export const NODES_PLACE = PART.place;
export const withNodes = PART.put;
export const nodesOf = (page: string): string => PART.read(page, NONE);

/** What `docs/proof.md` says of several nodes that were killed, paused and stopped, and of their database. */
export function nodesSection(run: ClusterRun, seed: number): string {
  const count = (number: number) => number.toLocaleString('en');
  const total = Object.values(run.faults).reduce((sum, number) => sum + number, 0);
  const takeOvers = run.takeOvers.toSorted((a, b) => a - b);
  const seconds = (ms: number | undefined) => (ms === undefined ? '–' : `${(ms / 1_000).toFixed(1)} s`);
  return `Made by \`npm run prove:nodes -- --faults ${total} --seed ${seed} --write-docs\`.

${markdownTable([['Fault', 'Times'], ...Object.entries(run.faults).map(([kind, times]) => [kind, count(times)])])}

${markdownTable([
  ['', ''],
  ['Messages acknowledged', count(run.acknowledged)],
  ['Messages that arrived', count(run.arrived)],
  ['Arrived again after a fault', count(run.repeats)],
  ['Of these on account of one fault, at most', count(run.mostRepeats)],
  ['The oldest of these had arrived before the fault by', `${count(run.longestRepeatMs)} ms`],
  ['Until every group of a killed node arrived again: median', seconds(takeOvers[takeOvers.length >> 1])],
  ['The same, at most', seconds(takeOvers.at(-1))],
  ['Lost, copied, reordered, or repeated without a fault', String(run.broken.length)],
])}`;
}
