import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { annotations, everySetting, objectNode } from '../domain/settings/node.ts';
import { pathText } from '../domain/settings/problem.ts';
import { loadConfig } from './load.ts';
import { configurationMarkdown } from './reference.ts';
import { ConfigSchema } from './schema.ts';

test('docs/configuration.md is what the table says (scripts/docs.ts writes it)', () => {
  const page = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
  assert.equal(page, configurationMarkdown());
});

test('every setting has a sentence, and every value that is no map stands on the page', () => {
  const page = configurationMarkdown();
  for (const { path, node } of everySetting(ConfigSchema)) {
    assert.ok(annotations(node).description, pathText(path));
    if (!objectNode(node)) assert.ok(page.includes(`\n| \`${path.at(-1)}\` `), pathText(path));
  }
});

test('the example on the page is a valid configuration', () => {
  const text = /```yaml\n([^`]+)```/.exec(configurationMarkdown())?.[1] ?? '';
  assert.equal(loadConfig({ text, env: {} }).apps[0]?.endpoints[0]?.name, 'backend');
});
