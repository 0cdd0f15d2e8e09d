import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** A path for a database in a folder of its own, which goes when the tests of this file have ended. */
export function tempFile(name = 'inbox.db'): string {
  const folder = mkdtempSync(join(tmpdir(), 'confab-recorder-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}
