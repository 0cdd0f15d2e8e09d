import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedFields, fieldsRefusal, mergeFields } from './custom-fields.ts';

const A = { Key: 'a', Value: '1' };
const B = { Key: 'b', Value: '2' };

test('keys given replace, an empty value takes one away, the others keep their place', () => {
  const given = [
    { Key: 'b', Value: '' },
    { Key: 'a', Value: '3' },
    { Key: 'c', Value: '4' },
  ];
  assert.deepEqual(mergeFields([A, B], given), [
    { Key: 'a', Value: '3' },
    { Key: 'c', Value: '4' },
  ]);
  assert.deepEqual(mergeFields([A, B], []), [A, B]);
  assert.deepEqual(
    mergeFields([], [A, { ...A, Value: '' }]),
    [],
    'of a key that is given twice the last one counts',
  );
});

test('only what is different counts as changed', () => {
  const gone = { Key: 'z', Value: '' };
  assert.deepEqual(changedFields([A, B], [A, { ...B, Value: '' }, gone]), [{ Key: 'b', Value: '' }]);
});

test('so many keys may be, one more may not', () => {
  assert.equal(fieldsRefusal('AppDefinedData', [A, B], 2), undefined);
  const refusal = fieldsRefusal('AppDefinedData', [A, B], 1);
  assert.equal(refusal?.error, 'INVALID_PARAMETERS');
  assert.match(refusal?.detail ?? '', /^AppDefinedData: there would be 2 .* at most 1/);
});
