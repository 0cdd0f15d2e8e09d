const WIDTH = 48;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const HEIGHTS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

export interface Bar {
  readonly label: string;
  readonly value: number;
}

/** Horizontal bars from 0, the longest as wide as the plot, each with its value. */
export function bars(rows: readonly Bar[], unit: string): string[] {
  const longest = Math.max(...rows.map(({ value }) => value));
  const labels = Math.max(...rows.map(({ label }) => label.length));
  return rows.map(({ label, value }) => {
    const eighths = longest > 0 ? Math.round((value / longest) * WIDTH * 8) : 0;
    const bar = '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
    return `${label.padEnd(labels)} ${bar} ${rounded(value)} ${unit}`;
  });
}

/** Values over time in one line from 0 to `top`, thinned to the plot's width by the highest of each stretch. */
export function timeline(values: readonly number[], top: number): string {
  const stretch = Math.max(1, Math.ceil(values.length / WIDTH));
  const columns = Array.from({ length: Math.ceil(values.length / stretch) }, (_, index) =>
    Math.max(...values.slice(index * stretch, (index + 1) * stretch)),
  );
  return columns.map((value) => HEIGHTS[Math.min(7, Math.floor((value / top) * 8))] ?? ' ').join('');
}

/** Whole numbers as they are, others with two digits behind the point at most; thousands apart. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Number.isInteger(value) || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
