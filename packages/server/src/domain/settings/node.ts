import Type, { type TSchema } from 'typebox';
import type { Path, Problem } from './problem.ts';

/**
 * A schema of settings is TypeBox with these annotations. One schema gives the check, the TypeScript type, the names of the
 * environment variables and the page of documentation.
 */
export interface Annotations {
  /** One sentence on what the setting means. */
  readonly description?: string;
  /** Value, as one would write it, that stands in when the key is missing. */
  readonly default?: unknown;
  /** What the documentation shows as the default, where the value itself would not say it. */
  readonly shownDefault?: string;
  readonly unit?: string;
  /** Never printed: not in an error, not in a log, not in the start-up summary. */
  readonly secret?: boolean;
  /** May carry a secret inside (a URL): not echoed in errors. */
  readonly quiet?: boolean;
  /** What a right value is, after "must be": `one of drop, error`. Derived from the schema when absent. */
  readonly expects?: string;
  /** Keys that later versions know; refused with a sentence that says so. */
  readonly later?: readonly string[];
  /** A rule over the whole map or list. Sees decoded values; what failed its own check is absent. */
  readonly rule?: (value: unknown) => readonly Problem[];
}

export interface ObjectNode extends Annotations {
  readonly properties: Readonly<Record<string, TSchema>>;
}

export interface ArrayNode extends Annotations {
  readonly items: TSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** A map with fixed keys. (A map with free keys is one value: it has no settings inside.) */
export function objectNode(node: TSchema): ObjectNode | undefined {
  return Type.IsObject(node) ? node : undefined;
}

export function arrayNode(node: TSchema): ArrayNode | undefined {
  return Type.IsArray(node) && Type.IsSchema(node.items) ? node : undefined;
}

/** What each value of a map with free keys has to be. */
export function recordEntry(node: TSchema): TSchema | undefined {
  return Type.IsRecord(node) ? Type.RecordValue(node) : undefined;
}

export function annotations(node: TSchema): Annotations {
  return node;
}

export function isOptional(node: TSchema): boolean {
  return Type.IsOptional(node);
}

/** Every setting of a schema, outer before inner; index 0 stands for every entry of a list of maps. */
export function* everySetting(
  node: TSchema,
  path: Path = [],
): Generator<{ readonly path: Path; readonly node: TSchema }> {
  if (typeof path.at(-1) === 'string') yield { path, node };
  for (const [key, child] of Object.entries(objectNode(node)?.properties ?? {})) {
    yield* everySetting(child, [...path, key]);
  }
  const items = arrayNode(node)?.items;
  if (items !== undefined && objectNode(items)) yield* everySetting(items, [...path, 0]);
}

/** What a right value is, in words that follow "must be". */
export function expectation(node: TSchema): string {
  const { expects } = annotations(node);
  if (expects !== undefined) return expects;
  if (objectNode(node)) return 'a map of keys and values';
  if (arrayNode(node)) return 'a list';
  if (Type.IsEnum(node)) return `one of ${node.enum.join(', ')}`;
  if (Type.IsBoolean(node)) return 'true or false';
  if (Type.IsInteger(node)) return `a whole number${range(bounds(node))}`;
  if (Type.IsNumber(node)) return `a number${range(bounds(node))}`;
  return `a text${lengths(bounds(node))}`;
}

interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

function bounds(node: TSchema): Bounds {
  return node;
}

function range({ minimum, maximum }: Bounds): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  return minimum === undefined ? '' : `, ${minimum} or more`;
}

function lengths({ minLength = 0, maxLength }: Bounds): string {
  if (maxLength !== undefined) return ` of ${minLength} to ${maxLength} characters`;
  return minLength > 0 ? ` of at least ${minLength} characters` : '';
}
