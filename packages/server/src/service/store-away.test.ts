import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '../store/errors.ts';
import { failureFields, storeAway } from './store-away.ts';

test('what is outside of Confab is logged as its reason, what is wrong in it with its stack', () => {
  const away = new StoreError('unreachable', 'nothing listens there');
  assert.equal(storeAway(away), 'nothing listens there');
  assert.deepEqual(failureFields(away), { reason: 'nothing listens there' });
  for (const wrong of [new StoreError('corrupt', 'a page is torn'), new TypeError('not a function')]) {
    assert.equal(storeAway(wrong), undefined);
    assert.deepEqual(failureFields(wrong), { err: wrong });
  }
});
