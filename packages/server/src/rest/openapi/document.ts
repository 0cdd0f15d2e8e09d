import { ERRORS } from '@confab-im/protocol';
import type { TSchema } from 'typebox';
import type { RestCommand } from '../command.ts';
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
  readonly components: object;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly parameters: readonly object[];
  readonly requestBody: {
    readonly required: true;
    readonly content: { readonly 'application/json': { readonly schema: TSchema } };
  };
  readonly responses: object;
}

const DESCRIPTION = `The REST API of Tencent Cloud Chat as this server answers it. Every call is a POST with a JSON object, {} when there is
nothing to say. The HTTP status is 200 also for a refusal: ErrorCode says what it was. Unknown fields are ignored, null counts
as absent, and old names of fields are taken beside the new ones.`;

const OUTSIDE = 'Others';

const ANSWER = {
  type: 'object',
  required: ['ActionStatus', 'ErrorCode', 'ErrorInfo'],
  properties: {
    ActionStatus: { enum: ['OK', 'FAIL'] },
    ErrorCode: {
      type: 'integer',
      description: `0, or one of ${Object.keys(ERRORS).length} codes of docs/errors.md`,
    },
    ErrorInfo: { type: 'string', description: 'Empty, or what was wrong and what to do' },
  },
  description: 'What every answer has; the fields of the command stand beside these',
};

const QUERY = {
  sdkappid: { schema: { type: 'integer' }, required: true, description: 'SDKAppID of the app' },
  random: { schema: { type: 'integer', minimum: 0, maximum: 4_294_967_295 }, description: 'Any number' },
  contenttype: { schema: { const: 'json' }, description: 'json' },
} as const;

/** The document of these commands: schemas as they check the requests, titles and headings as Tencent's navigation has them. */
export function openApiDocument(commands: readonly RestCommand[], version: string): OpenApi {
  const titles = new Map(
    REST_NAVIGATION.flatMap(({ heading, apis }) =>
      apis.map(([, title, command]) => [command, { heading, title }]),
    ),
  );
  const operations = commands.map(({ service, name, schema }) => {
    const command = `${service.name}/${name}`;
    const { heading, title } = titles.get(command) ?? { heading: OUTSIDE, title: name };
    return [`/v4/${command}`, { post: operation(command, heading, title, schema) }] as const;
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
      schemas: { Answer: ANSWER },
      parameters: Object.fromEntries(
        Object.entries(QUERY).map(([name, rest]) => [name, { name, in: 'query', ...rest }]),
      ),
      responses: {
        Answer: {
          description: 'Done, or refused',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Answer' } } },
        },
      },
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

function operation(command: string, heading: string, title: string, schema: TSchema): Operation {
  return {
    operationId: command.replace('/', '.'),
    tags: [heading],
    summary: title,
    parameters: Object.keys(QUERY).map((name) => ({ $ref: `#/components/parameters/${name}` })),
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: { '200': { $ref: '#/components/responses/Answer' } },
  };
}
