import assert from 'node:assert/strict';
import { test } from 'node:test';
import { okReply, refusedReply } from './reply.ts';

test('answers have HTTP status 200 and the envelope; the log gets the code', () => {
  const ok = okReply({ GroupId: 'g' }, { app: 1 });
  assert.equal(ok.body, '{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"GroupId":"g"}');
  assert.deepEqual([ok.status, ok.log], [200, { app: 1, code: 0 }]);
  const refused = refusedReply({ kind: 'refused', error: 'GROUP_NOT_FOUND', detail: 'no "g"' }, {});
  assert.equal(refused.body, '{"ActionStatus":"FAIL","ErrorInfo":"no \\"g\\"","ErrorCode":10010}');
  assert.deepEqual([refused.status, refused.log], [200, { code: 10010 }]);
});

test('a code that the app backend chose stands in place of the table’s', () => {
  const refusal = { kind: 'refused', error: 'REFUSED_BY_WEBHOOK', detail: 'quiet', ownCode: 10142 } as const;
  const { body, log } = refusedReply(refusal, {});
  assert.equal(body, '{"ActionStatus":"FAIL","ErrorInfo":"quiet","ErrorCode":10142}');
  assert.deepEqual(log, { code: 10142 });
});

test('a dropped message shows in the log', () => {
  assert.deepEqual(okReply({ MsgDropReason: 'MsgFreqCtrl' }, {}).log, { code: 0, dropped: 'MsgFreqCtrl' });
});

test('the number of a sent message shows in the log, beside the request that sent it', () => {
  assert.deepEqual(okReply({ MsgTime: 1, MsgSeq: 7 }, { app: 1 }).log, { app: 1, code: 0, msgSeq: 7 });
});

test('an answer over 1 MB, counted in bytes, is refused with 10018', () => {
  const frame = Buffer.byteLength(okReply({ x: '' }, {}).body);
  const code = (x: string) => okReply({ x }, {}).log?.code;
  assert.equal(code('a'.repeat(1_048_576 - frame)), 0);
  assert.equal(code('a'.repeat(1_048_577 - frame)), 10018);
  assert.equal(code('一'.repeat(340_000)), 0);
  assert.equal(code('一'.repeat(350_000)), 10018);
});
