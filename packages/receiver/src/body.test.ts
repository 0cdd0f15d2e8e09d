import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBody } from './body.ts';

async function* chunks(count: number, size: number, seen = { count: 0 }): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) {
    seen.count += 1;
    yield new Uint8Array(size).fill(i);
  }
}

test('chunks are joined in order', async () => {
  assert.deepEqual(await readBody(chunks(3, 2), 6), {
    kind: 'whole',
    bytes: new Uint8Array([0, 0, 1, 1, 2, 2]),
  });
  assert.deepEqual(await readBody(chunks(0, 0), 6), { kind: 'whole', bytes: new Uint8Array() });
});

test('a body over the limit is read to its end, if that is near', async () => {
  assert.deepEqual(await readBody(chunks(4, 2), 7), { kind: 'too-large', drained: true });
  assert.deepEqual(await readBody(new Uint8Array(8), 7), { kind: 'too-large', drained: true });
});

test('an endless body is left', async () => {
  const seen = { count: 0 };
  assert.deepEqual(await readBody(chunks(Number.POSITIVE_INFINITY, 65_536, seen), 100), {
    kind: 'too-large',
    drained: false,
  });
  assert.equal(seen.count, 17);
});
