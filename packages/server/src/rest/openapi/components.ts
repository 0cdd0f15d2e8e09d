import {
  MSG_ELEMENTS,
  MsgElementSchema,
  OtherElementSchema,
  RestRefused,
  StoredElement,
  UncheckedElement,
} from '@confab-im/protocol';
import type { TSchema } from 'typebox';

/** A JSON Schema as it stands in the document. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly discriminator?: { readonly propertyName: string };
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

const PREFIX = '#/components/schemas/';

/** What stands in the document once, under a name. */
const COMPONENTS: Readonly<Record<string, TSchema>> = {
  Refused: RestRefused,
  MsgElement: MsgElementSchema,
  StoredElement,
  OtherElement: OtherElementSchema,
  ...MSG_ELEMENTS,
};

const NAMES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ...Object.entries(COMPONENTS).map(([name, schema]) => [schema, name] as const),
  [UncheckedElement, 'MsgElement'],
]);

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  Refused: 'What is answered instead of the fields of the command',
  MsgElement: 'An element of a message. Members of MsgContent that are not documented are kept and passed on',
  StoredElement: 'An element as its sender wrote it, null for a member included',
  OtherElement: 'Tips of the system, and whatever has a member that is null',
};

/** The schemas that stand under a name of their own. */
export function componentSchemas(): Readonly<Record<string, Schema>> {
  const entries = Object.entries(COMPONENTS).map(([name, schema]): [string, Schema] => {
    const description = DESCRIPTIONS[name];
    return [name, { ...(inside(schema) as Schema), ...(description !== undefined && { description }) }];
  });
  const { MsgElement = {}, ...others } = Object.fromEntries(entries);
  return { ...others, MsgElement: { ...MsgElement, discriminator: { propertyName: 'MsgType' } } };
}

/** A schema as the document shows it: what has a name is referred to. */
export function shown(schema: unknown): Schema {
  const name = NAMES.get(schema);
  return name === undefined ? (inside(schema) as Schema) : { $ref: PREFIX + name };
}

function inside(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(shown);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([key, member]) => [key, shown(member)]));
}

/** The name that a reference leads to. */
export function nameOf($ref: string): string {
  return $ref.slice(PREFIX.length);
}
