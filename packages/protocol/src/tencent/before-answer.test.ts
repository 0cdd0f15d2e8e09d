import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BeforeDecision } from '../results.ts';
import { readTencentBeforeAnswer, tencentBeforeAnswer } from './before-answer.ts';

const BODY = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'good m*****g' } }];
const answer = (fields: object) =>
  readTencentBeforeAnswer(JSON.stringify({ ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '', ...fields }));

test('the codes mean what the table of tencent-webhooks A.5.1 says', () => {
  assert.deepEqual(answer({}), { kind: 'allow', rewrite: {} });
  assert.deepEqual(answer({ ErrorCode: 1, ErrorInfo: 'no' }), {
    kind: 'refuse',
    errorCode: 1,
    errorInfo: 'no',
  });
  assert.deepEqual(answer({ ErrorCode: 2 }), { kind: 'drop' });
  for (const errorCode of [10100, 10142, 10200]) {
    const refusal = { kind: 'refuse', errorCode, errorInfo: 'quiet hours' };
    assert.deepEqual(answer({ ErrorCode: errorCode, ErrorInfo: 'quiet hours' }), refusal);
  }
});

test('a refusal counts whatever its ActionStatus, as the moderation tutorial has it', () => {
  assert.equal(answer({ ActionStatus: 'FAIL', ErrorCode: 1 }).kind, 'refuse');
});

test('codes that no document lists, and FAIL with code 0, decide nothing', () => {
  for (const ErrorCode of [-1, 3, 500, 10016, 10099, 10201]) {
    assert.deepEqual(answer({ ErrorCode, ErrorInfo: 'x' }), {
      kind: 'fail',
      errorCode: ErrorCode,
      errorInfo: 'x',
    });
  }
  assert.equal(answer({ ActionStatus: 'FAIL' }).kind, 'fail');
});

test('body and custom data are replaced, with code 0 only', () => {
  const fields = { MsgBody: BODY, CloudCustomData: 'checked' };
  assert.deepEqual(answer(fields), {
    kind: 'allow',
    rewrite: { msgBody: BODY, cloudCustomData: 'checked' },
  });
  assert.deepEqual(answer({ ...fields, ErrorCode: 2 }), { kind: 'drop' });
});

test('null and empty values, which zero values of typed languages become, change nothing', () => {
  assert.deepEqual(answer({ MsgBody: [], CloudCustomData: '' }), { kind: 'allow', rewrite: {} });
  assert.deepEqual(answer({ MsgBody: null, CloudCustomData: null }), { kind: 'allow', rewrite: {} });
});

test('anything else is malformed and says what to answer', () => {
  for (const text of ['', 'ok', '[]', '{}', '{"ActionStatus":"OK"}', '{"ErrorCode":0}']) {
    const read = readTencentBeforeAnswer(text);
    assert.ok(read.kind === 'malformed' && read.why.includes('"ErrorCode":0'), text);
  }
  assert.equal(answer({ MsgBody: 'text' }).kind, 'malformed');
  assert.equal(answer({ CloudCustomData: {} }).kind, 'malformed');
});

test('what is written is read back', () => {
  const decisions: readonly BeforeDecision[] = [
    { kind: 'allow', rewrite: {} },
    { kind: 'allow', rewrite: { msgBody: BODY, cloudCustomData: 'c' } },
    { kind: 'drop' },
    { kind: 'refuse', errorCode: 1, errorInfo: '' },
    { kind: 'refuse', errorCode: 10142, errorInfo: 'quiet "hours"' },
  ];
  for (const decision of decisions) {
    const text = tencentBeforeAnswer(decision);
    assert.deepEqual(readTencentBeforeAnswer(text), decision);
    assert.match(text, /^\{"ActionStatus":"OK","ErrorCode":\d+,"ErrorInfo":"/);
  }
  assert.throws(() => tencentBeforeAnswer({ kind: 'refuse', errorCode: 5, errorInfo: '' }), RangeError);
});
