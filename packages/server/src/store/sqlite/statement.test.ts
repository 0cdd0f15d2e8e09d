import assert from 'node:assert/strict';
import { constants, DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { statement } from './statement.ts';

const SQL = 'SELECT n FROM number WHERE n > ?1 ORDER BY n LIMIT ?2 OFFSET ?3';

/** A table of the numbers 1 to 9, and how often something in it was planned: SQLite asks then whether it may be read. */
function numbers() {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE number (n INTEGER PRIMARY KEY)');
  db.exec('INSERT INTO number VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9)');
  let asked = 0;
  db.setAuthorizer(() => {
    asked += 1;
    return constants.SQLITE_OK;
  });
  return { db, asked: () => asked };
}

test('a statement with a bound LIMIT is planned once, whatever is bound', () => {
  const { db, asked } = numbers();
  const some = statement<{ n: number }>(db, SQL);
  const page = (...params: number[]) => some.all(...params).map(({ n }) => n);
  assert.deepEqual(page(0, 2, 0), [1, 2]);
  const once = asked();
  assert.deepEqual(page(3, 3, 1), [5, 6, 7]);
  assert.deepEqual(page(0, 100, 8), [9]);
  assert.equal(asked(), once);
});

test('SQLite still plans one with a bare LIMIT anew; should it not, the plus sign can go', () => {
  const { db, asked } = numbers();
  const bare = db.prepare(SQL);
  const once = asked();
  bare.all(0, 2, 0);
  bare.all(0, 3, 0);
  assert.ok(asked() > once);
});
