import { RestRefused, restAnswer } from '@confab-im/protocol';
import type { RestCommand } from '../command.ts';
import { componentSchemas, type Schema, shown } from './components.ts';
import { REST_NAVIGATION } from './navigation.ts';

/** An OpenAPI 3.1 document, as far as this server fills one. */
export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly jsonSchemaDialect: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly object[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, { readonly post: Operation }>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly parameters: object;
    readonly securitySchemes: object;
  };
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly parameters: readonly object[];
  readonly requestBody: {
    readonly required: true;
    readonly content: Json<Schema>;
  };
  readonly responses: {
    readonly '200': {
      readonly description: string;
      /** Done, with the fields of the command, or refused. */
      readonly content: Json<{ readonly oneOf: readonly [Schema, Schema] }>;
    };
  };
}

interface Json<S> {
  readonly 'application/json': { readonly schema: S };
}

const DESCRIPTION = `The REST API of Tencent Cloud Chat as this server answers it. Every call is a POST with a JSON object, {} when there is
nothing to say. The HTTP status is 200 also for a refusal: ErrorCode says what it was. Unknown fields are ignored, null counts
as absent, and old names of fields are taken beside the new ones.`;

const OUTSIDE = 'Others';

const QUERY = {
  sdkappid: { schema: { type: 'integer' }, required: true, description: 'SDKAppID of the app' },
  random: { schema: { type: 'integer', minimum: 0, maximum: 4_294_967_295 }, description: 'Any number' },
  contenttype: { schema: { const: 'json' }, description: 'json' },
} as const;

/** The document of these commands: schemas as they check the requests and as tests check the answers, titles and headings as Tencent's navigation has them. */
export function openApiDocument(commands: readonly RestCommand[], version: string): OpenApi {
  const titles = new Map(
    REST_NAVIGATION.flatMap(({ heading, apis }) =>
      apis.map(([, title, command]) => [command, { heading, title }]),
    ),
  );
  const operations = commands.map((row) => {
    const command = `${row.service.name}/${row.name}`;
    const { heading, title } = titles.get(command) ?? { heading: OUTSIDE, title: row.name };
    return [`/v4/${command}`, { post: operation(command, heading, title, row) }] as const;
  });
  const used = new Set(operations.flatMap(([, { post }]) => post.tags));
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: { title: 'Confab', version, description: DESCRIPTION },
    servers: [{ url: '/' }],
    security: [{ usersig: [], identifier: [] }],
    tags: [...REST_NAVIGATION.map(({ heading }) => heading), OUTSIDE]
      .filter((name) => used.has(name))
      .map((name) => ({ name })),
    paths: Object.fromEntries(operations),
    components: {
      schemas: componentSchemas(),
      parameters: Object.fromEntries(
        Object.entries(QUERY).map(([name, rest]) => [name, { name, in: 'query', ...rest }]),
      ),
      securitySchemes: {
        usersig: {
          type: 'apiKey',
          in: 'query',
          name: 'usersig',
          description: 'A UserSig made for the identifier',
        },
        identifier: { type: 'apiKey', in: 'query', name: 'identifier', description: 'An admin of the app' },
      },
    },
  };
}

function operation(
  command: string,
  heading: string,
  title: string,
  { schema, answer }: RestCommand,
): Operation {
  return {
    operationId: command.replace('/', '.'),
    tags: [heading],
    summary: title,
    parameters: Object.keys(QUERY).map((name) => ({ $ref: `#/components/parameters/${name}` })),
    requestBody: { required: true, content: json(shown(schema)) },
    responses: {
      '200': {
        description: 'Done, or refused',
        content: json({ oneOf: [shown(restAnswer(answer)), shown(RestRefused)] }),
      },
    },
  };
}

function json<S>(schema: S): Json<S> {
  return { 'application/json': { schema } };
}
