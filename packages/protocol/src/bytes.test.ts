import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deflate, equalInConstantTime, fromBase64, hex, inflate, toBase64, utf8, utf8Text } from './bytes.ts';

test('property: base64 comes back as it was', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (array) => {
      const bytes = new Uint8Array(array);
      assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
    }),
  );
});

test('base64 has one spelling: other alphabets, white space, missing padding and stray bits are refused', () => {
  assert.deepEqual(fromBase64('QQ=='), utf8('A'));
  for (const text of ['QQ', 'QQ=', 'QR==', 'Q Q==', 'QQ==\n', '*-__', '!']) {
    assert.equal(fromBase64(text), undefined, text);
  }
});

test('inflate undoes deflate, up to its limit', async () => {
  const bytes = utf8('confab '.repeat(100));
  const packed = await deflate(bytes);
  assert.deepEqual(await inflate(packed, bytes.byteLength), bytes);
  assert.equal(await inflate(packed, bytes.byteLength - 1), undefined);
});

test('inflate refuses damage and bombs', async () => {
  const packed = await deflate(utf8('confab'));
  assert.equal(await inflate(packed.slice(0, -1), 100), undefined);
  assert.equal(await inflate(new Uint8Array([1, 2, 3]), 100), undefined);
  assert.equal(await inflate(new Uint8Array(0), 100), undefined);
  assert.equal(await inflate(await deflate(new Uint8Array(1 << 20)), 8192), undefined);
});

test('text that is not UTF-8 is not text', () => {
  assert.equal(utf8Text(utf8('\ufeffgrüße')), '\ufeffgrüße');
  assert.equal(utf8Text(new Uint8Array([0xff])), undefined);
  assert.equal(hex(new Uint8Array([0, 10, 255])), '000aff');
});

test('equalInConstantTime is equality', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (left, right) => {
      assert.equal(equalInConstantTime(left, right), left === right);
      assert.ok(equalInConstantTime(left, `${left}`));
    }),
  );
});
