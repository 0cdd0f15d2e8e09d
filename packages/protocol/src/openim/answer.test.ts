import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPENIM_OK, readOpenImAnswer } from './answer.ts';

test('only actionCode 0 with nextCode 1 refuses', () => {
  assert.deepEqual(
    readOpenImAnswer('{"actionCode":0,"nextCode":1,"errCode":5001,"errMsg":"quiet","errDlt":"hours"}'),
    {
      kind: 'fail',
      errorCode: 5001,
      errorInfo: 'quiet',
    },
  );
  assert.deepEqual(readOpenImAnswer('{"nextCode":1,"errDlt":"hours"}'), {
    kind: 'fail',
    errorCode: 0,
    errorInfo: 'hours',
  });
  for (const text of [OPENIM_OK, '{}', '{"actionCode":1,"nextCode":1}', '{"errCode":7}', '{"more":1}']) {
    assert.deepEqual(readOpenImAnswer(text), { kind: 'ok' }, text);
  }
});

test('anything but a JSON object of the right types is malformed, and says what to answer', () => {
  for (const text of ['', 'ok', 'null', '[]', '0', '{"actionCode":"0"}', '{"nextCode":1.5}']) {
    const answer = readOpenImAnswer(text);
    assert.ok(answer.kind === 'malformed' && answer.why.includes(OPENIM_OK), text);
  }
});
