import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restFail, restOk } from './envelope.ts';

test('every answer has ActionStatus, ErrorInfo and ErrorCode', () => {
  assert.deepEqual(restOk({ GroupId: '@TGS#2ABCDEF' }), {
    ActionStatus: 'OK',
    ErrorInfo: '',
    ErrorCode: 0,
    GroupId: '@TGS#2ABCDEF',
  });
  assert.deepEqual(restFail(10010, 'no such group'), {
    ActionStatus: 'FAIL',
    ErrorInfo: 'no such group',
    ErrorCode: 10010,
  });
});
