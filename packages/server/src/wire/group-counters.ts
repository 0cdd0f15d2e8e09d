import type { UpdateGroupCounterRequest, UpdateGroupCounterResponse } from '@confab-im/protocol';
import type { Counter } from '../domain/group-counters.ts';

declare global {
  interface JSON {
    /** ES2026, which TypeScript's library does not know yet: a text that `JSON.stringify` writes as it is. */
    rawJSON(text: string): object;
  }
}

export function decodeCounters(pairs: UpdateGroupCounterRequest['GroupCounter']): readonly Counter[] {
  return pairs.map(({ Key, Value }) => ({ key: Key, value: String(Value) }));
}

export function encodeCounters(counters: readonly Counter[]): UpdateGroupCounterResponse {
  return { GroupCounter: counters.map(({ key, value }) => ({ Key: key, Value: exact(value) })) };
}

function exact(digits: string): number | object {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : JSON.rawJSON(digits);
}
