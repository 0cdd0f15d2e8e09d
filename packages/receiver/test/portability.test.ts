import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const SRC = join(import.meta.dirname, '../src');
const core = globSync('**/*.ts', { cwd: SRC }).filter((file) => !file.endsWith('.test.ts'));

test('only the adapters of Node frameworks name anything of Node', () => {
  assert.ok(core.length > 15);
  const named = core.filter((file) =>
    /from 'node:|\bBuffer\b|\bprocess\./.test(readFileSync(join(SRC, file), 'utf8')),
  );
  assert.deepEqual(named.sort(), ['adapters/express.ts', 'adapters/fastify.ts', 'adapters/node-http.ts']);
});
