import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '@confab-im/server';
import { buildProgram } from '../src/program.ts';

const README = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');

test('the configuration in the README is one that the server takes', () => {
  const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(README) ?? [];
  const [app] = loadConfig({ text, env: {} }).apps;
  assert.deepEqual(
    app?.endpoints.map(({ name, dialect }) => [name, dialect]),
    [
      ['my-backend', 'tencent'],
      ['openim-handlers', 'openim'],
    ],
  );
});

test('the README lists every command and no other', async () => {
  const listed = new Set([...README.matchAll(/^\| `confab (\w+)/gm)].map(([, name]) => name));
  const program = await buildProgram([]);
  assert.deepEqual([...listed].sort(), program.commands.map((command) => command.name()).sort());
});
