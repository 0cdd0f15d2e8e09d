import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify } from './classify.ts';
import type { Answer, Failure } from './sender-outcome.ts';

const NOW = Date.UTC(2025, 0, 1);
const OK = '{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":""}';

const answer = (fields: Partial<Answer>): Answer => ({
  kind: 'answer',
  status: 200,
  body: OK,
  truncated: false,
  durationMs: 3,
  ...fields,
});
const failure = (stage: Failure['stage'], code: string): Failure => ({
  kind: 'failed',
  stage,
  code,
  message: 'What happened.',
  durationMs: 3,
});

for (const status of [200, 201, 204, 299]) {
  test(`${status} is a delivery`, () => {
    assert.deepEqual(classify(answer({ status }), { dialect: 'tencent' }, NOW), { kind: 'delivered' });
  });
}

for (const status of [300, 301, 304, 400, 404, 410, 429, 500, 503]) {
  test(`${status} is a failure`, () => {
    assert.deepEqual(classify(answer({ status, body: 'why' }), { dialect: 'tencent' }, NOW), {
      kind: 'failed',
      verdict: 'http_status',
      detail: `the receiver answered HTTP ${status}`,
      status,
      answer: 'why',
      retryAfterMs: 0,
      usesAttempt: true,
      overloaded: status === 429 || status === 503,
    });
  });
}

for (const [status, retryAfter, usesAttempt] of [
  [429, '5', false],
  [503, '5', false],
  [503, 'Thu, 01 Jan 2026 00:00:30 GMT', false],
  [503, '0', true],
  [503, 'soon', true],
  [503, 'Wed, 31 Dec 2025 23:59:59 GMT', true],
  [500, '5', true],
] as const) {
  test(`${status} with Retry-After ${retryAfter} uses up ${usesAttempt ? 'an' : 'no'} attempt`, () => {
    const at = Date.parse('2026-01-01T00:00:00Z');
    const verdict = classify(answer({ status, retryAfter }), { dialect: 'tencent' }, at);
    assert.equal(verdict.kind === 'failed' && verdict.usesAttempt, usesAttempt);
  });
}

for (const [name, dialect, fields, warning] of [
  ['plain text', 'tencent', { body: 'ok' }, /not the documented JSON/],
  ['nothing', 'tencent', { body: '' }, /not the documented JSON/],
  [
    'FAIL',
    'tencent',
    { body: '{"ActionStatus":"FAIL","ErrorCode":1,"ErrorInfo":"no"}' },
    /^the receiver says it failed: 1 no$/,
  ],
  [
    'an error code',
    'tencent',
    { body: '{"ActionStatus":"OK","ErrorCode":5,"ErrorInfo":""}' },
    /says it failed: 5/,
  ],
  ['a long answer', 'tencent', { truncated: true }, /longer than the limit/],
  ['Tencent’s answer to OpenIM', 'openim', { body: '[]' }, /not the documented JSON/],
  [
    'a refusal of OpenIM',
    'openim',
    { body: '{"actionCode":0,"nextCode":1,"errCode":101,"errMsg":"x"}' },
    /says it failed: 101 x/,
  ],
] as const) {
  test(`200 with ${name} is a delivery with a warning`, () => {
    const verdict = classify(answer(fields), { dialect }, NOW);
    assert.equal(verdict.kind, 'delivered');
    assert.match(verdict.kind === 'delivered' ? (verdict.warning ?? '') : '', warning);
  });
}

test('an OpenIM answer as documented, or an empty object, brings no warning', () => {
  for (const body of ['{"actionCode":0,"errCode":0,"errMsg":"","errDlt":"","nextCode":0}', '{}']) {
    assert.deepEqual(classify(answer({ body }), { dialect: 'openim' }, NOW), { kind: 'delivered' });
  }
});

test('a warning and a kept answer are short', () => {
  const info = 'x'.repeat(5_000);
  const fail = JSON.stringify({ ActionStatus: 'FAIL', ErrorCode: 1, ErrorInfo: info });
  const warned = classify(answer({ body: fail }), { dialect: 'tencent' }, NOW);
  assert.equal(warned.kind === 'delivered' && warned.warning?.length, 200);
  const failed = classify(answer({ status: 500, body: info }), { dialect: 'tencent' }, NOW);
  assert.equal(failed.kind === 'failed' && failed.answer?.length, 1_000);
});

for (const [header, ms] of [
  ['120', 120_000],
  ['0', 0],
  [' 5 ', 5_000],
  ['Wed, 01 Jan 2025 00:01:00 GMT', 60_000],
  ['Tue, 31 Dec 2024 23:00:00 GMT', 0],
  ['soon', 0],
  ['-5', 0],
] as const) {
  test(`Retry-After: ${header} is ${ms} ms`, () => {
    const verdict = classify(answer({ status: 503, retryAfter: header }), { dialect: 'tencent' }, NOW);
    assert.equal(verdict.kind === 'failed' && verdict.retryAfterMs, ms);
  });
}

for (const [stage, code, verdict, usesAttempt] of [
  ['connect', 'ECONNREFUSED', 'connection_refused', false],
  ['connect', 'TIMEOUT', 'timeout_connect', true],
  ['headers', 'TIMEOUT', 'timeout_headers', true],
  ['body', 'TIMEOUT', 'timeout_body', true],
  ['headers', 'ECONNRESET', 'connection_reset', true],
  ['body', 'CONNECTION_CLOSED', 'connection_reset', true],
  ['blocked', 'ADDRESS_BLOCKED', 'blocked_address', true],
  ['blocked', 'URL_INVALID', 'blocked_address', true],
  ['dns', 'ENOTFOUND', 'dns_error', true],
  ['tls', 'CERT_HAS_EXPIRED', 'tls_error', true],
  ['body', 'ANSWER_INCOMPLETE', 'body_error', true],
] as const) {
  test(`${code} in ${stage} is ${verdict}`, () => {
    assert.deepEqual(classify(failure(stage, code), { dialect: 'tencent' }, NOW), {
      kind: 'failed',
      verdict,
      detail: 'What happened.',
      retryAfterMs: 0,
      usesAttempt,
      overloaded: false,
    });
  });
}

const strictCases: [dialect: 'tencent' | 'openim' | 'standard', body: string, says: RegExp | undefined][] = [
  ['tencent', OK, undefined],
  [
    'tencent',
    '{"ActionStatus":"FAIL","ErrorCode":70001,"ErrorInfo":"later"}',
    /the receiver says it failed: 70001 later/,
  ],
  ['tencent', 'ok', /not the documented JSON/],
  ['openim', '{"actionCode":0,"errCode":0,"errMsg":"","errDlt":"","nextCode":0}', undefined],
  [
    'openim',
    '{"actionCode":0,"errCode":5001,"errMsg":"no","nextCode":1}',
    /the receiver says it failed: 5001/,
  ],
  ['standard', '', undefined],
];

for (const [dialect, body, says] of strictCases) {
  test(`strict, ${dialect}: 200 with ${body || 'nothing'} ${says === undefined ? 'is a delivery' : 'is tried again'}`, () => {
    const strict = classify(answer({ body }), { dialect, strict: true }, NOW);
    assert.equal(classify(answer({ body }), { dialect }, NOW).kind, 'delivered', 'without strict');
    if (says === undefined) assert.equal(strict.kind, 'delivered');
    else {
      assert.ok(strict.kind === 'failed');
      assert.equal(strict.verdict, 'answer_not_ok');
      assert.match(strict.detail, says);
      assert.equal(strict.answer, body);
    }
  });
}
