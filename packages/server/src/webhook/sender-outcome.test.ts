import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errors } from 'undici';
import { AddressBlockedError } from './guard.ts';
import { ConnectFailure, causeOf, timeoutCause } from './sender-outcome.ts';

const coded = (code: string, message = 'text'): Error => Object.assign(new Error(message), { code });

for (const [code, reached, stage, named] of [
  ['ECONNREFUSED', 'connect', 'connect', 'ECONNREFUSED'],
  ['ENOTFOUND', 'dns', 'dns', 'ENOTFOUND'],
  ['ECONNRESET', 'body', 'body', 'ECONNRESET'],
  ['CERT_HAS_EXPIRED', 'tls', 'tls', 'CERT_HAS_EXPIRED'],
  [
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'headers',
    'tls',
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  ],
  ['UND_ERR_SOCKET', 'headers', 'headers', 'CONNECTION_CLOSED'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'body', 'body', 'ANSWER_INCOMPLETE'],
  ['UND_ERR_HEADERS_OVERFLOW', 'headers', 'headers', 'ANSWER_HEADERS_TOO_LARGE'],
  ['UND_ERR_INVALID_ARG', 'connect', 'send', 'REQUEST_INVALID'],
  ['UND_ERR_NOT_SUPPORTED', 'connect', 'send', 'REQUEST_INVALID'],
] as const) {
  test(`${code} while in ${reached} is ${named} in ${stage}`, () => {
    const cause = causeOf(coded(code), reached);
    assert.deepEqual([cause.stage, cause.code], [stage, named]);
    assert.match(cause.message, /^[A-Z].*\.$/);
  });
}

test('an answer that the parser refuses is malformed', () => {
  const cause = causeOf(new errors.HTTPParserError('Invalid chunk size'), 'body');
  assert.deepEqual([cause.stage, cause.code], ['body', 'ANSWER_MALFORMED']);
  assert.match(cause.message, /Invalid chunk size\.$/);
});

test('a blocked address is a stage of its own', () => {
  const error = new AddressBlockedError('The host name a.example resolves to a loopback address.');
  assert.deepEqual(causeOf(error, 'dns'), {
    stage: 'blocked',
    code: 'ADDRESS_BLOCKED',
    message: error.message,
  });
});

test('a connection that failed keeps the stage it failed in', () => {
  const cause = timeoutCause('tls', 2000);
  assert.deepEqual(causeOf(new ConnectFailure(cause), 'connect'), cause);
});

test('several refused addresses are all named', () => {
  const error = Object.assign(new AggregateError([coded('X', 'one'), coded('X', 'two')], ''), {
    code: 'ECONNREFUSED',
  });
  assert.equal(causeOf(error, 'connect').message, 'The attempt failed (stage connect): one; two.');
});

test('an error without a code is UNKNOWN', () => {
  assert.equal(causeOf(new Error('odd'), 'send').code, 'UNKNOWN');
});
