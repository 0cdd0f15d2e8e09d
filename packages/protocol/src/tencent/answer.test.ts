import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTencentAnswer, TENCENT_OK, tencentAnswer } from './answer.ts';

test('the OK answer is the documented object', () => {
  assert.equal(TENCENT_OK, '{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":""}');
  assert.deepEqual(readTencentAnswer(TENCENT_OK), { kind: 'ok' });
  assert.deepEqual(readTencentAnswer('{"ErrorCode":0,"ActionStatus":"OK","More":1}'), { kind: 'ok' });
});

test('FAIL and any other code fail', () => {
  assert.equal(tencentAnswer(1, 'no "x"'), '{"ActionStatus":"FAIL","ErrorCode":1,"ErrorInfo":"no \\"x\\""}');
  assert.deepEqual(readTencentAnswer(tencentAnswer(1, 'why')), {
    kind: 'fail',
    errorCode: 1,
    errorInfo: 'why',
  });
  assert.equal(readTencentAnswer('{"ActionStatus":"OK","ErrorCode":10142}').kind, 'fail');
  assert.equal(readTencentAnswer('{"ActionStatus":"FAIL","ErrorCode":0}').kind, 'fail');
});

test('anything else is malformed, and says what to answer', () => {
  for (const text of [
    '',
    'ok',
    'null',
    '[]',
    '{}',
    '{"ActionStatus":"ok","ErrorCode":0}',
    '{"ActionStatus":"OK","ErrorCode":"0"}',
  ]) {
    const answer = readTencentAnswer(text);
    assert.ok(answer.kind === 'malformed' && answer.why.includes(TENCENT_OK), text);
  }
});
