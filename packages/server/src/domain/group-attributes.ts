import { type Refusal, refuse } from './refusal.ts';

/** Limits of tencent-rest-group C1.18; lengths in UTF-8 bytes. */
const KEY_BYTES = 32;
const VALUE_BYTES = 4_000;
const KEYS = 16;
const VALUES_BYTES = 16_000;
const WRITES_PER_SECOND = 5;

export interface Attribute {
  readonly key: string;
  readonly value: string;
  /** Version of the set in which it was written last. */
  readonly seq: number;
}

/** The custom attributes of a group, a small set that is read and written whole. */
export interface Attributes {
  /** Version of the set: grows by one with each write. */
  readonly seq: number;
  readonly entries: readonly Attribute[];
  /** Unix seconds of the last write, and how many there were in that second. */
  readonly second: number;
  readonly writes: number;
}

export const NO_ATTRIBUTES: Attributes = { seq: 0, entries: [], second: 0, writes: 0 };

/** What a write does: replace the whole set, add to it, delete keys, delete all. */
export const ATTRIBUTE_CHANGES = ['set', 'modify', 'delete', 'clear'] as const;
export type AttributeChange = (typeof ATTRIBUTE_CHANGES)[number];

export interface AttributeWrite {
  readonly change: AttributeChange;
  /** `value` counts with `set` and `modify`; of a key named twice the last one. `seq`: the version the caller knows. */
  readonly entries: readonly { readonly key: string; readonly value: string; readonly seq?: number }[];
  /** Refuse the write when somebody has written since the versions that it names. */
  readonly compare: boolean;
  /** Version of the set that the caller knows. */
  readonly mainSeq?: number;
}

export interface AttributesWritten {
  readonly kind: 'written';
  readonly attributes: Attributes;
}

/** The set after a write, or why it is refused (tencent-rest-group C1.18). `second`: unix seconds. */
export function writeAttributes(
  now: Attributes,
  write: AttributeWrite,
  second: number,
): AttributesWritten | Refusal {
  const refusal = tooLong(write) ?? raced(now, write) ?? missing(now, write);
  if (refusal !== undefined) return refusal;
  const seq = now.seq + 1;
  const entries = entriesAfter(now.entries, write, seq);
  const overfull = tooMuch(entries);
  if (overfull !== undefined) return overfull;
  const writes = now.second === second ? now.writes : 0;
  if (writes >= WRITES_PER_SECOND) {
    return refuse(
      'ATTRIBUTE_FREQUENCY',
      `the group's attributes were written ${WRITES_PER_SECOND} times in this second; wait for the next`,
    );
  }
  return { kind: 'written', attributes: { seq, entries, second, writes: writes + 1 } };
}

function entriesAfter(
  now: readonly Attribute[],
  { change, entries }: AttributeWrite,
  seq: number,
): readonly Attribute[] {
  if (change === 'clear') return [];
  const after = new Map(change === 'set' ? [] : now.map((entry) => [entry.key, entry]));
  for (const { key, value } of entries) {
    if (change === 'delete') after.delete(key);
    else after.set(key, { key, value, seq });
  }
  return [...after.values()];
}

function tooLong({ entries }: AttributeWrite): Refusal | undefined {
  for (const [index, { key, value }] of entries.entries()) {
    const ofKey = Buffer.byteLength(key);
    if (ofKey > KEY_BYTES) {
      return refuse(
        'ATTRIBUTE_KEY_TOO_LONG',
        `GroupAttr[${index}].key: has ${ofKey} bytes, at most ${KEY_BYTES} are allowed`,
      );
    }
    const ofValue = Buffer.byteLength(value);
    if (ofValue > VALUE_BYTES) {
      return refuse(
        'ATTRIBUTE_VALUE_TOO_LONG',
        `GroupAttr[${index}].value: has ${ofValue} bytes, at most ${VALUE_BYTES} are allowed`,
      );
    }
  }
  return undefined;
}

function raced(now: Attributes, { entries, compare, mainSeq }: AttributeWrite): Refusal | undefined {
  if (!compare) return undefined;
  if (mainSeq !== undefined && mainSeq !== now.seq) {
    return refuse('ATTRIBUTE_CONFLICT', `AttrMainSeq: is ${mainSeq}, the group is at ${now.seq}; read again`);
  }
  const stale = entries.findIndex(({ key, seq }) => seq !== undefined && seq !== seqOf(now, key));
  if (stale === -1) return undefined;
  return refuse(
    'ATTRIBUTE_CONFLICT',
    `GroupAttr[${stale}].seq: somebody has written this attribute since; read again`,
  );
}

function seqOf({ entries }: Attributes, key: string): number {
  return entries.find((entry) => entry.key === key)?.seq ?? 0;
}

function missing(now: Attributes, { change, entries }: AttributeWrite): Refusal | undefined {
  if (change !== 'delete') return undefined;
  const unknown = entries.findIndex(({ key }) => now.entries.every((entry) => entry.key !== key));
  if (unknown === -1) return undefined;
  return refuse('ATTRIBUTE_NOT_FOUND', `GroupAttr[${unknown}].key: the group has no such attribute`);
}

function tooMuch(entries: readonly Attribute[]): Refusal | undefined {
  if (entries.length > KEYS) {
    return refuse(
      'TOO_MANY_ATTRIBUTES',
      `the group would have ${entries.length} attributes, its limit is ${KEYS}`,
    );
  }
  const bytes = entries.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0);
  if (bytes <= VALUES_BYTES) return undefined;
  return refuse(
    'ATTRIBUTES_TOO_LONG',
    `the group's attributes would have ${bytes} bytes, their limit is ${VALUES_BYTES}`,
  );
}
