import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { call, statement } from './statement.ts';
import { type Write, Writes } from './writes.ts';

interface Change {
  readonly key: string;
  readonly value: number;
}

function way(name: string, replaces: boolean): Write<Change> {
  const text = statement(name);
  return { table: 'rows', replaces, call: (items) => call(text, JSON.stringify(items)) };
}

const PUT = way('put', true);
const ADD = way('add', false);
const DROP = way('drop', true);

/** What the statements do to a table, one after the other, each to all of its rows. */
function run(writes: Writes): Map<string, number> {
  const rows = new Map<string, number>();
  for (const { statement: how, values } of writes.calls()) {
    for (const { key, value } of JSON.parse(String(values[0])) as Change[]) apply(rows, how.text, key, value);
  }
  return rows;
}

function apply(rows: Map<string, number>, how: string, key: string, value: number): void {
  if (how === 'put') rows.set(key, value);
  else if (how === 'add') rows.set(key, (rows.get(key) ?? 0) + value);
  else rows.delete(key);
}

test('however changes are gathered, each row ends as if they had been made one by one', () => {
  const change = fc.record({
    write: fc.constantFrom(PUT, ADD, DROP),
    key: fc.constantFrom('a', 'b', 'c'),
    value: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const writes = new Writes();
      const expected = new Map<string, number>();
      for (const { write, key, value } of changes) {
        writes.put(write, key, { key, value });
        apply(expected, write.call([]).statement.text, key, value);
      }
      assert.deepEqual([...run(writes)].toSorted(), [...expected].toSorted());
    }),
  );
});

test('changes of many rows in the same way are one statement', () => {
  const writes = new Writes();
  for (let n = 0; n < 100; n += 1) writes.put(PUT, `row ${n % 50}`, { key: `row ${n % 50}`, value: n });
  assert.equal(writes.calls().length, 1);
  writes.clear();
  assert.ok(writes.empty);
});

test('rows that follow one another keep their order across ways of adding them', () => {
  const writes = new Writes();
  for (const [write, key] of [
    [ADD, 'a'],
    [ADD, 'b'],
    [PUT, 'c'],
    [PUT, 'c'],
    [ADD, 'd'],
  ] as const)
    writes.follow(write, key, { key, value: 1 });
  const order = writes
    .calls()
    .map(({ values }) => (JSON.parse(String(values[0])) as Change[]).map(({ key }) => key).join());
  assert.deepEqual(order, ['a,b', 'c', 'c', 'd']);
});
