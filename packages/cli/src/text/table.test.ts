import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Column, renderTable } from './table.ts';

interface Row {
  readonly name: string;
  readonly count: number;
}

const columns: readonly Column<Row>[] = [
  { title: 'name', cell: ({ name }) => name },
  { title: 'n', cell: ({ count }) => count },
];

test('numbers stand right, text left, and no line ends in blanks', () => {
  const rows = [
    { name: 'a', count: 5 },
    { name: 'longer', count: 123 },
  ];
  assert.equal(renderTable(columns, rows, 'none'), 'name      n\na         5\nlonger  123\n');
});

test('colour is put on after the widths are known, and not on the title', () => {
  const painted = [
    { ...columns[0], paint: (shown: string, row: Row) => `<${row.count}${shown}>` },
    columns[1],
  ];
  const rows = [
    { name: 'a', count: 5 },
    { name: 'longer', count: 123 },
  ];
  assert.equal(
    renderTable(painted as readonly Column<Row>[], rows, ''),
    'name      n\n<5a     >    5\n<123longer>  123\n',
  );
});

test('no rows are said in words', () => {
  assert.equal(renderTable(columns, [], 'No rows.'), 'No rows.\n');
});

test('a cell cannot steer the terminal or break its line', () => {
  const text = renderTable(columns, [{ name: '\u001b[2Jx\ny', count: 1 }], 'none');
  assert.equal(text.split('\n')[1], '\u{fffd}[2Jx y  1');
});
