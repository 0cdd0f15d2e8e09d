import assert from 'node:assert/strict';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkExtraHeaders, EXTRA_HEADERS_MAX } from './headers.ts';

test('ordinary headers have no problem', () => {
  assert.deepEqual(checkExtraHeaders({}), []);
  assert.deepEqual(
    checkExtraHeaders({
      Authorization: 'Bearer a.b-c',
      'X-Tenant_1': 'a\tb "c"',
      'user-agent': '',
      contents: '1',
    }),
    [],
  );
});

for (const name of [
  ...[
    'Host',
    'connection',
    'Keep-Alive',
    'TE',
    'trailer',
    'Transfer-Encoding',
    'upgrade',
    'http2-settings',
    'Expect',
  ],
  ...[
    'Cookie',
    'cookie2',
    'Set-Cookie',
    'accept-encoding',
    'Content-Type',
    'content-length',
    'Content-Anything',
  ],
  ...[
    'Content_Length',
    'transfer_encoding',
    'X_Forwarded_For',
    'X-Forwarded-Host',
    'Forwarded',
    'Via',
    'X-Real-IP',
  ],
  ...['X-HTTP-Method-Override', 'traceparent', 'TraceState', 'webhook_id'],
  ...['Webhook-Id', 'webhook-signature', 'Confab-Lane', 'Proxy-Authorization', 'proxy-connection'],
]) {
  test(`${name} cannot be set`, () => {
    const problems = checkExtraHeaders({ [name]: 'x' });
    assert.equal(problems.length, 1);
    assert.ok(problems[0]?.includes(`"${name}"`));
  });
}

test('a name that is no token is a problem', () => {
  for (const name of ['', 'a b', 'a:b', 'a\r\nb', 'a\0', 'ü', 'x'.repeat(129)]) {
    assert.equal(checkExtraHeaders({ [name]: 'x' }).length, 1, JSON.stringify(name));
  }
});

test('a value with CR, LF, NUL or anything but printable ASCII is a problem, and is not shown', () => {
  for (const bad of ['\r', '\n', '\0', '\x7f', '\x1b', 'é', '语']) {
    const problems = checkExtraHeaders({ 'x-a': `secret${bad}webhook-id: 1` });
    assert.equal(problems.length, 1, JSON.stringify(bad));
    assert.doesNotMatch(problems[0] ?? '', /secret/);
  }
});

test('limits: number of headers and bytes of a value', () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, 'v']));
  assert.deepEqual(checkExtraHeaders(many(EXTRA_HEADERS_MAX)), []);
  assert.equal(checkExtraHeaders(many(EXTRA_HEADERS_MAX + 1)).length, 1);
  assert.deepEqual(checkExtraHeaders({ 'x-a': 'v'.repeat(4096) }), []);
  assert.equal(checkExtraHeaders({ 'x-a': 'v'.repeat(4097) }).length, 1);
});

test('limit: all lines together; a blank at an end of a value is none of it', () => {
  const two = (length: number) => ({ 'x-a': 'v'.repeat(3_000), 'x-b': 'v'.repeat(length) });
  assert.deepEqual(checkExtraHeaders(two(3_144 - 14)), []);
  assert.match(checkExtraHeaders(two(3_145 - 14))[0] ?? '', /have 6145 bytes together; at most 6144/);
  for (const value of [' a', 'a ', '\ta', 'a\t']) {
    assert.match(checkExtraHeaders({ 'x-a': value })[0] ?? '', /begins or ends with a blank/);
  }
});

test('every problem is reported at once, and names that differ in case are one name', () => {
  assert.equal(checkExtraHeaders({ host: 'a', 'x-a': '\n', 'x-b': '1', 'X-B': '2', X_b: '3' }).length, 4);
});

test('whatever passes is a header line that Node accepts', () => {
  const names = fc.string({
    unit: fc.constantFrom('a', 'Z', '9', '-', '_', '.', ':', ' ', '\n', 'é'),
    maxLength: 4,
  });
  const values = fc.string({
    unit: fc.constantFrom('a', '"', ' ', '\t', '~', '\r', '\n', '\0', '\x7f', 'é'),
  });
  fc.assert(
    fc.property(names, values, (name, value) => {
      if (checkExtraHeaders({ [name]: value }).length > 0) return;
      validateHeaderName(name);
      validateHeaderValue(name, value);
      assert.match(value, /^[\t\x20-\x7e]*$/);
    }),
  );
});
