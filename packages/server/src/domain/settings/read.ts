import type { StaticDecode, TSchema } from 'typebox';
import { Check, DecodeUnsafe } from 'typebox/value';
import { nearest } from './nearest.ts';
import {
  type ArrayNode,
  annotations,
  arrayNode,
  expectation,
  isOptional,
  type ObjectNode,
  objectNode,
  recordEntry,
} from './node.ts';
import { type Path, type Problem, Unfit } from './problem.ts';

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Checks a value against a schema of settings (see `node.ts`), fills in defaults and decodes. Finds every problem, not only
 * the first: a wrong value is left out and its neighbours are still looked at.
 */
export function readSettings<const S extends TSchema>(schema: S, value: unknown): Read<StaticDecode<S>> {
  const problems: Problem[] = [];
  const decoded = readNode(schema, value, [], problems);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: decoded as StaticDecode<S> };
}

/** Decoded value, or undefined after a problem. */
function readNode(node: TSchema, value: unknown, path: Path, problems: Problem[]): unknown {
  const object = objectNode(node);
  if (object) return readObject(node, object, value, path, problems);
  const array = arrayNode(node);
  if (array) return readArray(node, array, value, path, problems);
  if (!Check(node, value)) {
    const entries = wrongEntries(node, value, path);
    problems.push(...(entries.length > 0 ? entries : [{ path, message: mismatch(node, value) }]));
    return undefined;
  }
  try {
    return DecodeUnsafe({}, node, value);
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    problems.push({ path, message: error.message });
    return undefined;
  }
}

function readObject(
  node: TSchema,
  object: ObjectNode,
  value: unknown,
  path: Path,
  problems: Problem[],
): unknown {
  if (!isMap(value)) {
    problems.push({ path, message: mismatch(node, value) });
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(object.properties, key))
      problems.push({ path: [...path, key], message: unknownKey(object, key) });
  }
  const decoded: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(object.properties)) {
    const given = Object.hasOwn(value, key) ? value[key] : undefined;
    const written = given === undefined ? annotations(child).default : given;
    if (written !== undefined) decoded[key] = readNode(child, written, [...path, key], problems);
    else if (!isOptional(child)) {
      problems.push({ path: [...path, key], message: `is missing: it must be ${expectation(child)}` });
    }
  }
  applyRule(object.rule, decoded, path, problems);
  return decoded;
}

function readArray(
  node: TSchema,
  array: ArrayNode,
  value: unknown,
  path: Path,
  problems: Problem[],
): unknown {
  if (!Array.isArray(value)) {
    problems.push({ path, message: mismatch(node, value) });
    return undefined;
  }
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = array;
  if (value.length < minItems) problems.push({ path, message: `must be ${expectation(node)}; it is empty` });
  if (value.length > maxItems) {
    problems.push({ path, message: `has ${value.length} entries; at most ${maxItems} are allowed` });
    return undefined;
  }
  const decoded = value.map((item, index) => readNode(array.items, item, [...path, index], problems));
  applyRule(array.rule, decoded, path, problems);
  return decoded;
}

/** Of a map with free keys. */
function wrongEntries(node: TSchema, value: unknown, path: Path): readonly Problem[] {
  const entry = recordEntry(node);
  if (entry === undefined || !isMap(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    Check(entry, inner) ? [] : [{ path: [...path, key], message: mismatch(entry, inner) }],
  );
}

function applyRule(rule: ObjectNode['rule'], decoded: unknown, path: Path, problems: Problem[]): void {
  for (const problem of rule?.(decoded) ?? []) {
    problems.push({ path: [...path, ...problem.path], message: problem.message });
  }
}

function unknownKey({ properties, later = [] }: ObjectNode, key: string): string {
  if (later.includes(key)) return 'is not supported by this version; leave it out';
  const known = Object.keys(properties);
  const meant = nearest(key, known);
  if (meant !== undefined) return `is an unknown key; did you mean "${meant}"?`;
  return `is an unknown key; the keys here are ${known.join(', ')}`;
}

function mismatch(node: TSchema, value: unknown): string {
  const { secret, quiet } = annotations(node);
  const inner = objectNode(node) !== undefined || arrayNode(node) !== undefined;
  const expected = expectation(node);
  if (typeof value === 'number' && expected.startsWith('a text'))
    return `must be ${expected}; put it in quotes`;
  const hidden = secret || quiet || inner;
  if (hidden && typeof value === 'string' && value !== '' && expected.startsWith('a text'))
    return `must be ${expected}`;
  return `must be ${expected}; it is ${hidden ? kindOf(value) : shown(value)}`;
}

const SHOWN_LENGTH = 60;

function shown(value: unknown): string {
  if (typeof value === 'object') return kindOf(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
