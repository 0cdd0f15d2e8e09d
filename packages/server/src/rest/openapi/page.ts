import { createHash } from 'node:crypto';
import { nameOf, type Schema } from './components.ts';
import type { OpenApi, Operation } from './document.ts';

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff; }
h2 { margin-top: 3rem; border-bottom: 1px solid #d0d7de; }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid #eaeef2; }
summary { cursor: pointer; padding: 0.25rem 0; }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } a { color: #6cb6ff; } th, td, h2 { border-color: #30363d; } }
`;

/** The only thing that the page may load is the style that stands in it. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The document as a page to read: no script, nothing from elsewhere. */
export function openApiPage({ info, tags, paths, components }: OpenApi): string {
  const operations = Object.entries(paths);
  const sections = tags.map(({ name }) => {
    const ofTag = operations.filter(([, { post }]) => post.tags.includes(name));
    return `<h2>${escaped(name)}</h2>\n${ofTag.map(([path, { post }]) => command(path, post)).join('\n')}`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(info.title)} REST API</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(info.title)} REST API</h1>
<p>${escaped(info.description)}</p>
<p>Version ${escaped(info.version)}, ${operations.length} commands. The same for programs: <a href="/openapi.json">openapi.json</a>.</p>
${sections.join('\n')}
<h2>Parts of these</h2>
${Object.entries(components.schemas).map(component).join('\n')}
</body>
</html>
`;
}

function command(path: string, { summary, requestBody, responses }: Operation): string {
  const request = requestBody.content['application/json'].schema;
  const [done] = responses['200'].content['application/json'].schema.oneOf;
  const answered = rows(done).slice(ENVELOPE_FIELDS);
  const answer = answered.length === 0 ? '' : `\n<h3>Answer</h3>\n${table(answered)}`;
  return `<details>\n<summary>${escaped(summary)} <code>${escaped(path)}</code></summary>\n${table(rows(request))}${answer}\n</details>`;
}

/** Every answer has them, and the page says so once. */
const ENVELOPE_FIELDS = 3;

function component([name, schema]: [string, Schema]): string {
  const kinds = (schema.anyOf ?? []).map(typeOf).join(', ');
  const parts = [escaped(schema.description ?? ''), kinds === '' ? '' : `One of: ${kinds}.`];
  const said = parts.filter((part) => part !== '').map((part) => `<p>${part}</p>\n`);
  const fields = schema.properties === undefined ? '' : table(rows(schema));
  return `<details id="${escaped(name)}">\n<summary><code>${escaped(name)}</code></summary>\n${said.join('')}${fields}\n</details>`;
}

function table(fields: readonly string[]): string {
  return fields.length === 0
    ? '<p>No fields.</p>'
    : `<table>\n<tr><th>Field</th><th>Type</th><th>Means</th></tr>\n${fields.join('\n')}\n</table>`;
}

/** One row per field, those of objects and of the items of lists below them. */
function rows({ properties = {}, required = [] }: Schema, above = ''): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = above === '' ? name : `${above}.${name}`;
    const means = [required.includes(name) ? 'required' : '', schema.description ?? ''].filter(
      (part) => part !== '',
    );
    const row = `<tr><td><code>${escaped(path)}</code></td><td>${typeOf(schema)}</td><td>${escaped(means.join('; '))}</td></tr>`;
    return [row, ...rows(schema, path), ...rows(schema.items ?? {}, `${path}[]`)];
  });
}

/** In HTML, with links to the parts. */
function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = escaped(nameOf(schema.$ref));
    return `<a href="#${name}">${name}</a>`;
  }
  if (schema.const !== undefined) return escaped(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return escaped(schema.enum.join(', '));
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.type === 'array') {
    return `list of ${typeOf(schema.items ?? {})}${range(schema.minItems, schema.maxItems, 'items')}`;
  }
  const size =
    schema.type === 'string'
      ? range(schema.minLength, schema.maxLength, 'characters')
      : range(schema.minimum, schema.maximum, '');
  return escaped(`${schema.type ?? 'anything'}${size}`);
}

function range(least: number | undefined, most: number | undefined, of: string): string {
  if (least === undefined && most === undefined) return '';
  return ` (${least ?? 0}${most === undefined ? ' or more' : ` to ${most}`}${of === '' ? '' : ` ${of}`})`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
