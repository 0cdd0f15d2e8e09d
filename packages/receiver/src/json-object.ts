import type { JsonObject } from './dialects/dialect.ts';
import { quoted } from './quoted.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Throws at bytes that are not UTF-8; drops a byte order mark. */
const decoder = new TextDecoder('utf-8', { fatal: true });

export function parseObject(bytes: Uint8Array): { readonly object: JsonObject } | Refusal {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return refusal(
      'not-json',
      `The body of ${bytes.byteLength} bytes is not complete JSON in UTF-8: ${quoted(detail)}.`,
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { object: value as JsonObject };
  return refusal('bad-shape', 'The body must be a JSON object.');
}
