import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('../../', import.meta.url));
const NODE_MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url));
const MIGRATIONS = 'src/store/postgres/migrations';
const NUMBER = 9_999;

/**
 * As much as a migration may do beside older processes, and more than any does: a new table, and a column more in every other. Writers wait
 * meanwhile, as they do for changes of endpoints.
 */
const ADDS = `
SELECT 1 FROM writer FOR UPDATE;
SELECT count(*) FROM (SELECT 1 FROM process ORDER BY id FOR UPDATE) AS p;
CREATE TABLE moon (id int8 PRIMARY KEY);
DO $$ DECLARE t text; BEGIN
  FOR t IN SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN moon int8 NOT NULL DEFAULT 7', t);
  END LOOP;
END $$;`;

/** The newest schema version that this Confab knows. */
export function knownVersion(): number {
  const versions = readdirSync(join(SERVER, MIGRATIONS)).filter((name) => name.endsWith('.sql'));
  return Number(versions.sort().at(-1)?.slice(0, 4));
}

/** A Confab that is this one but for a migration more, on which only versions from `compatibleWith` on can work. */
export class NewerVersion implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'confab-newer-'));
  /** What to run instead of `serve-main.ts`. */
  readonly main = join(this.folder, 'serve-main.ts');

  constructor(compatibleWith: number) {
    cpSync(join(SERVER, 'src'), join(this.folder, 'src'), { recursive: true });
    cpSync(join(SERVER, 'package.json'), join(this.folder, 'package.json'));
    symlinkSync(NODE_MODULES, join(this.folder, 'node_modules'));
    const main = readFileSync(join(SERVER, 'test/support/serve-main.ts'), 'utf8');
    writeFileSync(this.main, main.replace("'@confab-im/server'", "'./src/index.ts'"));
    const migration = `-- compatible_with ${compatibleWith}\n${ADDS}`;
    writeFileSync(join(this.folder, MIGRATIONS, `${NUMBER}.sql`), migration);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
