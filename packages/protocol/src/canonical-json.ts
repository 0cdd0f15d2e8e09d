/** Deeper nesting than any message has; the limit stands well before the stack's, which is about 3,000 levels here. */
const MAX_DEPTH = 256;

/**
 * JSON text with the keys of every object sorted by UTF-16 code unit and no white space; otherwise as `JSON.stringify`
 * writes it (undefined members left out, undefined items `null`, `toJSON` honoured). Equal values give equal bytes
 * whatever the order their keys came in.
 *
 * Throws a `TypeError` when there is nothing to write (`undefined`, a function, a symbol) or the value holds a bigint, and a
 * `RangeError` on more than 256 levels of nesting.
 */
export function canonicalJson(value: unknown): string {
  const text = write(value, 0);
  if (text === undefined) {
    throw new TypeError(`canonicalJson cannot write ${typeof value}; pass a value that JSON can express`);
  }
  return text;
}

function write(value: unknown, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth === MAX_DEPTH) throw new RangeError(`The value is nested over ${MAX_DEPTH} levels; flatten it`);
  if ('toJSON' in value && typeof value.toJSON === 'function') return write(value.toJSON(), depth + 1);
  if (Array.isArray(value)) return writeArray(value, depth + 1);
  return writeObject(value as Record<string, unknown>, depth + 1);
}

function writeArray(items: readonly unknown[], depth: number): string {
  let text = '[';
  for (let i = 0; i < items.length; i++) {
    if (i > 0) text += ',';
    text += write(items[i], depth) ?? 'null';
  }
  return `${text}]`;
}

function writeObject(object: Record<string, unknown>, depth: number): string {
  let text = '{';
  for (const key of Object.keys(object).sort()) {
    const member = write(object[key], depth);
    if (member === undefined) continue;
    if (text.length > 1) text += ',';
    text += `${JSON.stringify(key)}:${member}`;
  }
  return `${text}}`;
}
