import { printable } from './printable.ts';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string | number;
  /** Colours the cell once it has its width. */
  readonly paint?: (shown: string, row: Row) => string;
}

/** Rows under their titles: numbers to the right, text to the left, two spaces between. No rows give `empty`. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  empty: string,
): string {
  if (rows.length === 0) return `${empty}\n`;
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const titles: (string | number)[] = columns.map((column) => column.title);
  const lines = [titles, ...cells].map((line) => line.map((cell) => printable(String(cell))));
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const right = columns.map((_, i) => cells.every((line) => typeof line[i] === 'number'));
  const text = lines.map((line, n) =>
    line
      .map((cell, i) => {
        const shown = right[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0);
        const row = rows[n - 1];
        return row === undefined ? shown : (columns[i]?.paint?.(shown, row) ?? shown);
      })
      .join('  ')
      .trimEnd(),
  );
  return `${text.join('\n')}\n`;
}
