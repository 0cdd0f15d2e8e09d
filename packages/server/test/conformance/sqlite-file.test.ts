import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import { openFileStore } from '../../src/store/sqlite/open.ts';
import { conformance } from './suite.ts';

describe('SQLite on a file, in process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'confab-store-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  conformance({
    open: async ({ rules, database }) => openFileStore(join(folder, `${database}.db`), { rules }),
    durable: true,
  });
});
