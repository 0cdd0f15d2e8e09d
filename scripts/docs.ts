/** Writes the pages of docs/ that are made from tables in the code: `npx node --conditions=@confab-im/source scripts/docs.ts`. */
import { writeFileSync } from 'node:fs';
import { configurationMarkdown } from '../packages/server/src/config/reference.ts';
import { groupTypesMarkdown } from '../packages/server/src/domain/group-types-reference.ts';
import { adminApiMarkdown } from '../packages/server/src/rest/admin/reference.ts';
import { errorsMarkdown } from '../packages/server/src/rest/errors-reference.ts';
import { compatibilityMarkdown } from '../packages/server/test/contract/compatibility-page.ts';

const PAGES = {
  'configuration.md': configurationMarkdown,
  'admin-api.md': adminApiMarkdown,
  'group-types.md': groupTypesMarkdown,
  'errors.md': errorsMarkdown,
  'compatibility.md': compatibilityMarkdown,
};

for (const [name, page] of Object.entries(PAGES)) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), await page());
}
