import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from './api-error.ts';
import { Query } from './query.ts';

const query = (text: string) => new Query(new URLSearchParams(text));

test('integers within their range, flags, texts', () => {
  assert.equal(query('limit=5').integer('limit', 1, 10), 5);
  assert.equal(query('').integer('limit', 1, 10), undefined);
  assert.equal(query('force=true').flag('force'), true);
  assert.equal(query('').flag('force'), false);
  assert.equal(query('endpoint=a%20b').text('endpoint'), 'a b');
});

test('what does not fit ends the call', () => {
  for (const text of ['limit=0', 'limit=11', 'limit=', 'limit=1e1', 'limit=-1', 'limit=0x1']) {
    assert.throws(
      () => query(text).integer('limit', 1, 10),
      /"limit" must be a whole number from 1 to 10/,
      text,
    );
  }
  assert.throws(() => query('force=1').flag('force'), ApiError);
  assert.throws(
    () => query('endpiont=x').allowOnly(['endpoint']),
    /"endpiont" is unknown; this call has endpoint/,
  );
  assert.throws(() => query('x=1').allowOnly([]), /this call has none/);
});
