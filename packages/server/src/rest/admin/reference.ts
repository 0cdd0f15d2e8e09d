import { markdownTable } from '../../base/markdown-table.ts';
import { ADMIN_ROLES } from '../../domain/admin-role.ts';
import { STATUS_OF } from './api-error.ts';
import type { Route } from './route.ts';
import { ADMIN_PREFIX, ADMIN_ROUTES } from './routes.ts';

const HEAD = `# Admin API

This page is made from the table of routes in \`packages/server/src/rest/admin\` by \`scripts/docs.ts\`; a test fails when they differ.

JSON over HTTP under \`${ADMIN_PREFIX}\`, with a token of \`admin.tokens\` from the [configuration](configuration.md):

\`\`\`sh
curl -H "Authorization: Bearer $CONFAB_TOKEN" http://127.0.0.1:7700${ADMIN_PREFIX}status
\`\`\`

A token has a name, which stands in the audit log, and a role: \`${ADMIN_ROLES.join('`, `')}\`, each with the rights of those after it. Times are
unix milliseconds. Unknown keys and query parameters are refused. Secrets (\`authToken\`, \`signingKeys\`, values of \`headers\`) are masked in every answer.
Behind the server's health stand three paths without a token: \`GET /healthz\` (the process runs), \`GET /readyz\` (the store answers; 503
with the reason when not) and \`GET /metrics\` (Prometheus).

An error is \`{ "error": { "code", "message" } }\`; the message says what to do. \`unavailable\`: the store cannot be reached or written at the
moment, and the message is the reason that \`/readyz\` gives; ask again later. \`internal\` is a fault of the server, and its log says more.

${markdownTable([['Code', 'HTTP'], ...Object.entries(STATUS_OF).map(([code, status]) => [`\`${code}\``, String(status)])])}

${markdownTable([['Call', 'Role'], ...ADMIN_ROUTES.map(({ method, path, role }) => [`\`${method} ${path}\``, role])])}
`;

/** docs/admin-api.md, out of the table of routes. */
export function adminApiMarkdown(): string {
  return [HEAD, ...ADMIN_ROUTES.map(section)].join('\n');
}

function section({ method, path, role, summary, query, body, answer }: Route): string {
  const parameters = Object.entries(query ?? {}).map(([name, means]) => `- \`?${name}=\` ${means}`);
  return [
    `## ${method} ${path}`,
    `${summary} Role: ${role}.`,
    ...(parameters.length === 0 ? [] : [parameters.join('\n')]),
    ...(body === undefined ? [] : [`Body: ${body}`]),
    `Answer: ${answer}.`,
  ]
    .join('\n\n')
    .concat('\n');
}
