/**
 * Columns as PostgreSQL's binary arrays (src/backend/utils/adt/arrayfuncs.c, `array_recv`): one parameter carries a column of a whole
 * batch, byte for byte. As text each value would be escaped here and parsed there, and each byte of a body sent as two.
 */
const INT8 = 20;
const TEXT = 25;
const BYTEA = 17;
const HEADER = 20;
const ABSENT = -1;

/** For `int8[]`; safe integers. */
export function int8s(values: readonly (number | null)[]): Buffer {
  const array = Buffer.allocUnsafe(HEADER + values.length * 12);
  let at = writeHeader(array, INT8, values.length);
  for (const value of values) {
    at = array.writeInt32BE(value === null ? ABSENT : 8, at);
    if (value === null) continue;
    const high = Math.floor(value / 2 ** 32);
    at = array.writeInt32BE(high, at);
    at = array.writeUInt32BE(value - high * 2 ** 32, at);
  }
  return array.subarray(0, at);
}

/** For `text[]`. */
export function texts(values: readonly (string | null)[]): Buffer {
  return strings(
    TEXT,
    values.map((value) => (value === null ? null : plain(value))),
  );
}

/** For `bytea[]`: the UTF-8 of each string. */
export function bytes(values: readonly (string | null)[]): Buffer {
  return strings(BYTEA, values);
}

/** PostgreSQL's text has no U+0000: it becomes U+FFFD in names and ids. Bodies are bytea and keep it. */
export function plain(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

function strings(type: number, values: readonly (string | null)[]): Buffer {
  let size = HEADER;
  for (const value of values) size += 4 + (value === null ? 0 : Buffer.byteLength(value));
  const array = Buffer.allocUnsafe(size);
  let at = writeHeader(array, type, values.length);
  for (const value of values) {
    if (value === null) {
      at = array.writeInt32BE(ABSENT, at);
      continue;
    }
    const written = array.write(value, at + 4);
    array.writeInt32BE(written, at);
    at += 4 + written;
  }
  return array;
}

/** One dimension from 1 on; may hold nulls. */
function writeHeader(array: Buffer, type: number, length: number): number {
  array.writeInt32BE(1, 0);
  array.writeInt32BE(1, 4);
  array.writeInt32BE(type, 8);
  array.writeInt32BE(length, 12);
  return array.writeInt32BE(1, 16);
}
