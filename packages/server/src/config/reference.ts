import type { TSchema } from 'typebox';
import { markdownTable } from '../base/markdown-table.ts';
import {
  annotations,
  arrayNode,
  everySetting,
  expectation,
  isOptional,
  objectNode,
} from '../domain/settings/node.ts';
import { type Path, pathText } from '../domain/settings/problem.ts';
import { variableName } from './environment.ts';
import { ConfigSchema } from './schema.ts';

const EXAMPLES: readonly Path[] = [
  ['listen'],
  ['limits', 'groupMessagesPerSecond'],
  ['apps', 0, 'secretKeys'],
  ['apps', 0, 'endpoints', 1, 'authToken'],
];

const VARIABLES = markdownTable([
  ['Key', 'Variable'],
  ...EXAMPLES.map((path) => [`\`${pathText(path)}\``, `\`${variableName(path)}\``]),
]);

const HEAD = `# Configuration

This page is made from the table in \`packages/server/src/config/schema.ts\` by \`scripts/docs.ts\`; a test fails when they differ.

One YAML file, named with \`--config\`. It is checked as a whole at start: an unknown key, a wrong type or a value that does not fit is
an error that names the key, the line and what to write instead, and all of them are reported together. \`confab check\` does the same
without starting.

\`\`\`yaml
listen: 127.0.0.1:7700
store: sqlite:./confab-data/confab.db
admin:
  tokens:
    - { name: ops, token: change-me-change-me-change-me, role: owner }
retention: { messages: 0, replay: 7d }
apps:
  - sdkAppId: 1400000001
    secretKeys: [5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e]
    admins: [administrator]
    endpoints:
      - name: backend
        url: https://app.example.com/im/webhook
        events: [Group.CallbackAfterSendMsg]
        authToken: change-me-too
\`\`\`

## Environment

Every value can be given by an environment variable, which wins over the file; the file may be missing altogether. The name is
\`CONFAB_\` and the path of the key in capitals, words and steps joined by \`_\`; an entry of a list has its index, from 0:

${VARIABLES}

Texts are taken as they are; everything else is read as YAML, hence also as JSON: \`CONFAB_APPS_0_SECRET_KEYS='["first","second"]'\`. An
index may be one beyond the end of the list, which adds an entry. An empty variable counts as absent. Any other \`CONFAB_…\` variable is
an error, except \`CONFAB_TOKEN\`, \`CONFAB_USERSIG\`, \`CONFAB_SECRET_KEY\` and \`CONFAB_AUTH_TOKEN\`, which commands read for themselves, and
those that Kubernetes sets for a service called \`confab\` (\`CONFAB_SERVICE_…\`, \`CONFAB_PORT…\`).

## Kinds of values

- **Durations** are a whole number and a unit, \`500ms\`, \`30s\`, \`5m\`, \`12h\`, \`7d\`, or \`0\`. Keys that end in \`Ms\` are plain milliseconds.
- **Texts of digits** need quotes: \`secretKeys: ["12345678"]\`.
- **\`start\`** of an endpoint is \`now\`, \`beginning\`, a time such as \`2026-01-31T08:00:00Z\`, or a number: below 10^9 it is a log sequence, a
  large one unix milliseconds (10-digit unix seconds are refused). \`{ sequence: N }\` says it without doubt.
  It counts once, when the endpoint is made, and lanes stay where they are after it: another \`start\` later has no effect, and the server
  warns of it at its start (a replay sends the past again). A time in the future is refused. A sequence that a group has not
  reached is \`now\` for that group.
- **Secrets** are never printed: not in errors, not in logs, not in the start-up summary, and the admin API shows \`********\`.

Endpoints of the file are read-only at run time; one that vanishes from the file is paused, not deleted; the
admin API deletes it then. Endpoints can also be made with
the [admin API](admin-api.md). \`store: postgres://…\` keeps the state in [PostgreSQL](postgresql.md).
`;

/** docs/configuration.md, out of the table. */
export function configurationMarkdown(): string {
  const settings = [...everySetting(ConfigSchema)];
  const sections = settings.filter(
    ({ node }) => objectNode(node) ?? objectNode(arrayNode(node)?.items ?? {}),
  );
  const top = settings.filter(({ path, node }) => path.length === 1 && objectNode(node) === undefined);
  const parts = [section('Top level', undefined, top)];
  for (const { path, node } of sections) {
    const depth = arrayNode(node) ? path.length + 2 : path.length + 1;
    const inside = settings.filter(
      (setting) => setting.path.length === depth && path.every((step, index) => setting.path[index] === step),
    );
    const leaves = inside.filter((setting) => objectNode(setting.node) === undefined);
    parts.push(
      section(`\`${written(path)}${arrayNode(node) ? '[]' : ''}\``, annotations(node).description, leaves),
    );
  }
  return `${HEAD}\n${parts.join('\n')}`;
}

interface Setting {
  readonly path: Path;
  readonly node: TSchema;
}

function section(title: string, description: string | undefined, settings: readonly Setting[]): string {
  const table = markdownTable([['Key', 'Value', 'Default', 'Unit', 'Means'], ...settings.map(cells)]);
  return [`## ${title}`, ...(description === undefined ? [] : [description]), table]
    .join('\n\n')
    .concat('\n');
}

function cells({ path, node }: Setting): string[] {
  const { description = '', unit = '', secret } = annotations(node);
  return [
    `\`${path.at(-1)}\``,
    expectation(node),
    fallback(node),
    unit,
    `${description}${secret ? ' **Secret.**' : ''}`,
  ];
}

function fallback(node: TSchema): string {
  const { shownDefault, default: given } = annotations(node);
  if (shownDefault !== undefined) return shownDefault;
  if (given === undefined) return isOptional(node) ? 'none' : '**required**';
  return `\`${typeof given === 'string' ? given : JSON.stringify(given)}\``;
}

/** Without the indexes that stand for every entry. */
function written(path: Path): string {
  return path
    .map((step, index) => (typeof step === 'number' ? '[]' : index === 0 ? step : `.${step}`))
    .join('');
}
