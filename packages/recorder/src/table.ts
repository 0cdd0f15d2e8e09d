/** Columns of two cells: ideographs, kana, hangul, wide forms and most emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** Long enough for every id that the contracts allow; what is longer comes from nowhere good. */
const MAX_CELL_LENGTH = 120;

/** Text from outside, made safe for a terminal: no control character moves the cursor or turns the writing round. */
export function printable(text: string): string {
  const short = text.length > MAX_CELL_LENGTH ? `${text.slice(0, MAX_CELL_LENGTH)}…` : text;
  return short.toWellFormed().replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) width += NO_WIDTH.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return width;
}

/** Rows of cells as lines, two spaces between; a column with numbers in it stands to the right, any other to the left. */
export function alignTable(rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === 'number' ? grouped(cell) : printable(cell))),
  );
  const widths: number[] = [];
  const numeric = new Set<number>();
  for (const [r, row] of cells.entries()) {
    for (const [i, cell] of row.entries()) {
      widths[i] = Math.max(widths[i] ?? 0, displayWidth(cell));
      if (typeof rows[r]?.[i] === 'number') numeric.add(i);
    }
  }
  const placed = (cell: string, i: number) => {
    const gap = ' '.repeat((widths[i] ?? 0) - displayWidth(cell));
    return numeric.has(i) ? gap + cell : cell + gap;
  };
  return cells.map((row) => row.map(placed).join('  ').trimEnd());
}

/** 1234567 as 1,234,567. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar for a share of `max`, in eighths of a cell; anything above nothing shows. */
export function bar(value: number, max: number, cells: number): string {
  if (value <= 0 || max <= 0) return '';
  const eighths = Math.max(1, Math.round((Math.min(value, max) / max) * cells * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
