import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

/** The same value with the keys of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

test('keys are sorted by code unit at every level', () => {
  assert.equal(
    canonicalJson([{ MsgType: 'TIMTextElem', MsgContent: { b: 1, B: 2, _: 3, '10': 4, '9': 5 } }]),
    '[{"MsgContent":{"10":4,"9":5,"B":2,"_":3,"b":1},"MsgType":"TIMTextElem"}]',
  );
});

test('undefined, toJSON and lone surrogates are treated as JSON.stringify treats them', () => {
  for (const value of [
    { a: undefined, b: [undefined, () => 1], c: Number.NaN, d: '\ud800', e: '\u0000<é' },
    new Date(0),
    { at: new Date(0) },
    [],
    {},
    null,
    'x',
    -0,
  ]) {
    assert.equal(canonicalJson(value), JSON.stringify(value));
  }
});

test('what JSON cannot express is refused', () => {
  assert.throws(() => canonicalJson(undefined), /cannot write undefined/);
  assert.throws(() => canonicalJson({ a: 1n }), TypeError);
});

test('256 levels of nesting are written, one more is refused', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  assert.equal(canonicalJson(JSON.parse(nested(256))), nested(256));
  assert.throws(() => canonicalJson(JSON.parse(nested(257))), /nested over 256 levels/);
});

test('property: the text does not depend on key order and parses back to the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      assert.equal(canonicalJson(reversed(value)), text);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
    }),
  );
});
