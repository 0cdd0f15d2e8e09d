import assert from 'node:assert/strict';

/**
 * What a value has to look like: an object names the fields that matter (`undefined`: absent), a list has exactly these items, a
 * regular expression fits a text, a function says yes; anything else is the value itself.
 */
export type Pattern =
  | string
  | number
  | boolean
  | null
  | undefined
  | RegExp
  | ((value: unknown) => boolean)
  | readonly Pattern[]
  | { readonly [key: string]: Pattern };

/** Throws an assertion that names the place. */
export function assertMatches(value: unknown, pattern: Pattern, at: string): void {
  const shown = () => `${at} is ${JSON.stringify(value)?.slice(0, 300)}`;
  if (pattern instanceof RegExp) assert.match(String(value), pattern, shown());
  else if (typeof pattern === 'function') assert.ok(pattern(value), `${shown()}; wanted: ${pattern}`);
  else if (Array.isArray(pattern)) {
    assert.ok(Array.isArray(value), `${shown()}; a list is wanted`);
    assert.equal(value.length, pattern.length, shown());
    for (const [index, item] of pattern.entries()) assertMatches(value[index], item, `${at}[${index}]`);
  } else if (typeof pattern === 'object' && pattern !== null) {
    assert.ok(typeof value === 'object' && value !== null, `${shown()}; an object is wanted`);
    const fields = value as Readonly<Record<string, unknown>>;
    for (const [key, member] of Object.entries(pattern)) assertMatches(fields[key], member, `${at}.${key}`);
  } else assert.deepEqual(value, pattern, shown());
}
