import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileCheck } from '../check.ts';
import { boundedText, groupId, uint32, userId, utf8Length } from './fields.ts';

test('utf8Length is what encoding gives, lone surrogates included', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.nat(0xffff).map((n) => String.fromCharCode(n)) }),
  );
  fc.assert(fc.property(text, (value) => assert.equal(utf8Length(value), Buffer.byteLength(value))));
});

const accepts = (schema: Parameters<typeof compileCheck>[0], value: unknown) =>
  compileCheck(schema)(value).ok;

test('text limits count bytes of UTF-8, not characters', () => {
  const name = boundedText(30, 'Name');
  assert.equal(accepts(name, '一'.repeat(10)), true);
  assert.equal(accepts(name, `${'一'.repeat(10)}a`), false);
  assert.equal(accepts(name, 'a'.repeat(31)), false);
  assert.equal(accepts(name, 5), false);
});

test('ids: printable ASCII, bounded', () => {
  for (const [schema, max] of [
    [groupId(), 48],
    [userId('u'), 32],
  ] as const) {
    assert.equal(accepts(schema, ' ~'.repeat(max / 2)), true);
    for (const bad of ['', 'a'.repeat(max + 1), 'é', 'a\n', 'a\u0000', null, 7])
      assert.equal(accepts(schema, bad), false);
  }
});

test('32-bit numbers stay in their range', () => {
  for (const good of [0, 4_294_967_295]) assert.equal(accepts(uint32('n'), good), true);
  for (const bad of [-1, 4_294_967_296, 1.5, '1']) assert.equal(accepts(uint32('n'), bad), false);
});
