import fc from 'fast-check';

/** What is read of a JSON Schema here. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
}

/** Names worth trying in a field, by its key; the rest is made from the schema. */
export type Known = (key: string) => readonly unknown[];

/** Values that fit a schema, as far as JSON Schema can say; keys of objects are there or not. */
export function fitting(schema: object, known: Known, key = ''): fc.Arbitrary<unknown> {
  const made = fromSchema(schema, known, key);
  const names = known(key);
  const { type } = schema as Schema;
  return names.length === 0 || type === 'object' || type === 'array'
    ? made
    : fc.oneof({ arbitrary: fc.constantFrom(...names), weight: 4 }, { arbitrary: made, weight: 1 });
}

function fromSchema(schema: Schema, known: Known, key: string): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => fitting(one, known, key)));
  switch (schema.type) {
    case 'object':
      return object(schema, known);
    case 'array': {
      const { items = {}, minItems = 0, maxItems = 100 } = schema;
      return fc.array(fitting(items, known, key), {
        minLength: minItems,
        maxLength: Math.max(minItems, Math.min(maxItems, 3)),
      });
    }
    case 'string':
      return schema.pattern === undefined
        ? fc.string({ unit: 'binary', maxLength: Math.min(schema.maxLength ?? 20, 20) })
        : fc.stringMatching(new RegExp(schema.pattern), { size: 'xsmall' });
    case 'integer': {
      const { minimum = -(2 ** 53), maximum = 2 ** 53 } = schema;
      return fc.oneof(
        fc.constantFrom(minimum, maximum),
        fc.maxSafeInteger().map((n) => within(n, minimum, maximum)),
      );
    }
    case 'number':
      return fc.double({ noNaN: true });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function within(n: number, minimum: number, maximum: number): number {
  const span = maximum - minimum + 1;
  return minimum + (((n % span) + span) % span);
}

function object({ properties = {}, required = [] }: Schema, known: Known): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(
    ([key, schema]) => [key, fitting(schema, known, key)] as const,
  );
  return fc.record(Object.fromEntries(fields), {
    requiredKeys: required.filter((key) => Object.hasOwn(properties, key)),
  });
}

/** What nobody expects in a field. */
const ODD: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, false, -1, 0.5, 1e21, -0, 2 ** 32, 2 ** 53, 2 ** 63, '', ' ', '0', '-1', '1e3', 'NaN'],
    ...[
      '\u0000',
      '\ud83d\ude00'.repeat(300),
      'x'.repeat(5_000),
      '__proto__',
      'constructor',
      '../..',
      "'; --",
      '%00',
    ],
    ...[
      [],
      [[]],
      [null],
      {},
      { length: 1 },
      { toString: 1 },
      { $ne: null },
      Array(600).fill('u1'),
      Array(600).fill({}),
    ],
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** A value with something put in the place of one of its parts, or with a part taken away. */
export function spoilt(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(values, fc.nat(), fc.option(ODD, { nil: undefined, freq: 6 }))
    .map(([value, where, odd]) => {
      const places = placesIn(value);
      const place = places[where % Math.max(1, places.length)];
      if (place === undefined) return odd;
      const copy = structuredClone(value);
      const { holder, key } = find(copy, place);
      if (odd === undefined) delete holder[key];
      else if (key === '__proto__') return odd;
      else holder[key] = odd;
      return copy;
    });
}

function placesIn(value: unknown, above: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const place = [...above, key];
    return [place, ...placesIn(member, place)];
  });
}

function find(value: unknown, place: readonly string[]): { holder: Record<string, unknown>; key: string } {
  let holder = value as Record<string, unknown>;
  for (const key of place.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  return { holder, key: place.at(-1) ?? '' };
}

/** Bodies that are no JSON object at all, and some that only nearly are. */
export const NO_OBJECTS: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => bytes(text)),
  fc.jsonValue({ maxDepth: 1 }).map((value) => bytes(JSON.stringify([value]))),
  fc.json({ maxDepth: 3 }).map((text) => bytes(text.slice(0, -1))),
  fc
    .constantFrom(
      ...[
        '',
        ' ',
        '{',
        '}',
        '[]',
        'null',
        '0',
        '"x"',
        '{"a":1,}',
        "{'a':1}",
        '{"GroupId":"\\ud800"}',
        '\ufeff{}',
      ],
      ...[
        '{"a":1e999',
        '{"a":NaN}',
        '{} {}',
        `${'['.repeat(5_000)}`,
        `${'{"a":'.repeat(5_000)}1${'}'.repeat(4_999)}`,
      ],
    )
    .map((text) => bytes(text)),
);

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
