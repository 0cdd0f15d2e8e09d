import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Attributes, type AttributeWrite, NO_ATTRIBUTES, writeAttributes } from './group-attributes.ts';

const pair = (key: string, value = 'v', seq?: number) => ({ key, value, ...(seq !== undefined && { seq }) });
const write = (fields: Partial<AttributeWrite>): AttributeWrite => ({
  change: 'modify',
  entries: [],
  compare: false,
  ...fields,
});

function written(now: Attributes, fields: Partial<AttributeWrite>, second = 1): Attributes {
  const result = writeAttributes(now, write(fields), second);
  assert.ok(result.kind === 'written', JSON.stringify(result));
  return result.attributes;
}

function refused(now: Attributes, fields: Partial<AttributeWrite>, second = 1): string {
  const result = writeAttributes(now, write(fields), second);
  assert.ok(result.kind === 'refused');
  return result.error;
}

const two = written(NO_ATTRIBUTES, { change: 'set', entries: [pair('a', '1'), pair('b', '2')] });

describe('attributes of a group', () => {
  test('the set and each key have versions', () => {
    const three = written(two, { entries: [pair('b', '3'), pair('c', '4')] });
    assert.equal(three.seq, 2);
    assert.deepEqual(three.entries, [
      { key: 'a', value: '1', seq: 1 },
      { key: 'b', value: '3', seq: 2 },
      { key: 'c', value: '4', seq: 2 },
    ]);
  });

  test('set replaces all, delete takes keys out, clear takes all', () => {
    const keys = (attributes: Attributes) => attributes.entries.map(({ key }) => key);
    assert.deepEqual(keys(written(two, { change: 'set', entries: [pair('z')] })), ['z']);
    assert.deepEqual(keys(written(two, { change: 'delete', entries: [pair('a')] })), ['b']);
    assert.deepEqual(keys(written(two, { change: 'clear' })), []);
    assert.equal(refused(two, { change: 'delete', entries: [pair('a'), pair('z')] }), 'ATTRIBUTE_NOT_FOUND');
  });

  test('limits count UTF-8 bytes, and the whole set after the write', () => {
    const filled = (count: number, value = 'v') =>
      Array.from({ length: count }, (_, i) => pair(`k${i}`, value));
    assert.equal(refused(NO_ATTRIBUTES, { entries: [pair('一'.repeat(11))] }), 'ATTRIBUTE_KEY_TOO_LONG');
    assert.equal(
      refused(NO_ATTRIBUTES, { entries: [pair('k', '一'.repeat(1_334))] }),
      'ATTRIBUTE_VALUE_TOO_LONG',
    );
    assert.equal(refused(NO_ATTRIBUTES, { entries: filled(17) }), 'TOO_MANY_ATTRIBUTES');
    const full = written(NO_ATTRIBUTES, { entries: filled(16) });
    assert.equal(refused(full, { entries: [pair('one more')] }), 'TOO_MANY_ATTRIBUTES');
    assert.equal(written(full, { entries: [pair('k0', 'again')] }).entries.length, 16);
    assert.equal(refused(two, { entries: filled(4, 'x'.repeat(4_000)) }), 'ATTRIBUTES_TOO_LONG');
    written(two, { change: 'set', entries: filled(4, 'x'.repeat(4_000)) });
  });

  test('five writes in a second', () => {
    let now = NO_ATTRIBUTES;
    for (let i = 0; i < 5; i += 1) now = written(now, { entries: [pair('a')] }, 7);
    assert.equal(refused(now, { entries: [pair('a')] }, 7), 'ATTRIBUTE_FREQUENCY');
    assert.equal(written(now, { entries: [pair('a')] }, 8).writes, 1);
  });

  test('a writer who asks for it is told that somebody was first', () => {
    const compare = true;
    assert.equal(refused(two, { compare, mainSeq: 0, entries: [pair('a')] }), 'ATTRIBUTE_CONFLICT');
    assert.equal(refused(two, { compare, entries: [pair('a', 'v', 0)] }), 'ATTRIBUTE_CONFLICT');
    assert.equal(refused(two, { compare, entries: [pair('z', 'v', 1)] }), 'ATTRIBUTE_CONFLICT');
    written(two, { compare, mainSeq: 1, entries: [pair('a', 'v', 1), pair('z', 'v', 0)] });
    written(two, { mainSeq: 9, entries: [pair('a', 'v', 9)] });
  });
});
