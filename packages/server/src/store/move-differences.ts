import { type Cell, keyOf, type MovedTable, type Row } from './move-side.ts';

export interface Difference {
  /** `row` is that of the source, but for `extra`. */
  readonly kind: 'missing' | 'extra' | 'changed';
  readonly row: Row;
}

/** Compares two tables that are read in the order of their keys, row by row. `onRows` is told of each page of the source. */
export async function* differences(
  table: MovedTable,
  source: AsyncIterable<readonly Row[]>,
  target: AsyncIterable<readonly Row[]>,
  onRows: (page: readonly Row[]) => void,
): AsyncIterable<Difference> {
  const key = keyOf(table);
  const theirs = new Rows(target);
  try {
    for await (const page of source) {
      for (const row of page) {
        // Most rows are the same and already read: a promise for each would take longer than all the rest.
        if (theirs.current !== undefined && same(row, theirs.current)) theirs.next();
        else yield* against(row, theirs, key);
      }
      onRows(page);
    }
    for (let other = await theirs.load(); other !== undefined; other = await theirs.load()) {
      yield { kind: 'extra', row: other };
      theirs.next();
    }
  } finally {
    await theirs.end();
  }
}

/** What stands before a row in the other table is too much there; then comes the row itself, or it is missing. */
async function* against(row: Row, theirs: Rows, key: (row: Row) => Row): AsyncIterable<Difference> {
  for (let other = await theirs.load(); other !== undefined; other = await theirs.load()) {
    const order = compareKeys(key(row), key(other));
    if (order < 0) break;
    theirs.next();
    if (order > 0) {
      yield { kind: 'extra', row: other };
      continue;
    }
    if (!same(row, other)) yield { kind: 'changed', row };
    return;
  }
  yield { kind: 'missing', row };
}

/** Pages as rows one by one. */
class Rows {
  readonly #pages: AsyncIterator<readonly Row[]>;
  #page: readonly Row[] = [];
  #at = 0;

  constructor(pages: AsyncIterable<readonly Row[]>) {
    this.#pages = pages[Symbol.asyncIterator]();
  }

  /** Undefined at the end of a page. */
  get current(): Row | undefined {
    return this.#page[this.#at];
  }

  next(): void {
    this.#at += 1;
  }

  /** The current row, read if need be; undefined at the end. */
  async load(): Promise<Row | undefined> {
    while (this.#at >= this.#page.length) {
      const { done, value } = await this.#pages.next();
      if (done === true) return undefined;
      this.#page = value;
      this.#at = 0;
    }
    return this.current;
  }

  async end(): Promise<void> {
    await this.#pages.return?.();
  }
}

function same(a: Row, b: Row): boolean {
  for (let place = 0; place < a.length; place += 1) {
    const mine = a[place] ?? null;
    const other = b[place] ?? null;
    if (mine !== other && !sameText(mine, other)) return false;
  }
  return true;
}

/** PostgreSQL's text has no U+0000: there it is U+FFFD. */
function sameText(a: Cell, b: Cell): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  return a.replaceAll('\0', '\uFFFD') === b.replaceAll('\0', '\uFFFD');
}

/** Below 0 when `a` comes first. Texts byte by byte, as the databases order them. */
function compareKeys(a: Row, b: Row): number {
  for (const [place, cell] of a.entries()) {
    const other = b[place] ?? null;
    if (cell === other) continue;
    if (typeof cell === 'string' && typeof other === 'string')
      return Buffer.compare(Buffer.from(cell), Buffer.from(other));
    return Number(cell) - Number(other);
  }
  return 0;
}
