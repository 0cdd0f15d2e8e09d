import type { KeyValue } from './group.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Keys that a group may have, and a member (tencent-rest-types-errors E.4). */
export const MAX_GROUP_FIELDS = 10;
export const MAX_MEMBER_FIELDS = 5;

/** The fields with those given put in: a key that is there already keeps its place, an empty value takes it away. */
export function mergeFields(fields: readonly KeyValue[], given: readonly KeyValue[]): readonly KeyValue[] {
  const merged = new Map(fields.map(({ Key, Value }) => [Key, Value]));
  for (const { Key, Value } of given) {
    if (Value === '') merged.delete(Key);
    else merged.set(Key, Value);
  }
  return [...merged].map(([Key, Value]) => ({ Key, Value }));
}

/** Those of the fields given that change something. */
export function changedFields(fields: readonly KeyValue[], given: readonly KeyValue[]): readonly KeyValue[] {
  const before = new Map(fields.map(({ Key, Value }) => [Key, Value]));
  const after = new Map(given.map(({ Key, Value }) => [Key, Value]));
  return [...after]
    .filter(([Key, Value]) => (before.get(Key) ?? '') !== Value)
    .map(([Key, Value]) => ({ Key, Value }));
}

/** Too many keys (10004). */
export function fieldsRefusal(name: string, fields: readonly KeyValue[], most: number): Refusal | undefined {
  return fields.length <= most
    ? undefined
    : refuse(
        'INVALID_PARAMETERS',
        `${name}: there would be ${fields.length} custom fields, at most ${most} may be`,
      );
}
