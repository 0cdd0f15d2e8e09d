import { markdownTable } from '../../packages/server/src/base/markdown-table.ts';
import type { Figure } from '../scenario.ts';
import { rounded } from './plot.ts';
import { median } from './statistics.ts';

/** The figures as a Markdown table, which reads well in a terminal too. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, unit, samples, reach = '' }) => [
    name,
    `${rounded(median(samples))} ${unit}`.trim(),
    reach,
    samples.length > 1 ? `${rounded(Math.min(...samples))} … ${rounded(Math.max(...samples))}` : '',
  ]);
  return markdownTable([['Figure', 'Median', 'Reach', 'Lowest … highest run'], ...rows]);
}
