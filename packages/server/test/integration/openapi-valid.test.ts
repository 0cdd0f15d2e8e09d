import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { COMMANDS } from '../../src/rest/commands.ts';
import { openApiDocument } from '../../src/rest/openapi/document.ts';

interface OpenApiValidator {
  readonly version?: string;
  validate(document: object): Promise<{ readonly valid: boolean }>;
}
const { Validator } = createRequire(import.meta.url)('@seriousme/openapi-schema-validator') as {
  readonly Validator: new () => OpenApiValidator;
};

test('the document is valid by the schema of OpenAPI 3.1', async () => {
  const validator = new Validator();
  const document = JSON.parse(JSON.stringify(openApiDocument(COMMANDS, '1.2.3'))) as Record<string, unknown>;
  assert.deepEqual(await validator.validate(document), { valid: true });
  assert.equal(validator.version, '3.1');
  const broken = await validator.validate({ ...document, info: {} });
  assert.equal(broken.valid, false);
});
