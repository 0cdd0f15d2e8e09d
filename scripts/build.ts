/**
 * Builds publishable packages: `node scripts/build.ts` all of them, `node scripts/build.ts cli` that one and what it depends on.
 * For each, in the order of their dependencies: `dist` is emptied, TypeScript compiled with its types, other files and the licence copied.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const SCOPE = '@confab-im/';

interface Manifest {
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
}

/** The named packages after everything of ours that they need, each once. The workspace has no cycles: npm would refuse them. */
function inOrder(names: readonly string[], done: string[] = []): string[] {
  for (const name of names) {
    const needed = Object.keys(manifest(`packages/${name}`).dependencies ?? {})
      .filter((dependency) => dependency.startsWith(SCOPE))
      .map((dependency) => dependency.slice(SCOPE.length));
    inOrder(needed, done);
    if (!done.includes(name)) done.push(name);
  }
  return done;
}

function build(name: string): void {
  const folder = join(ROOT, 'packages', name);
  const dist = join(folder, 'dist');
  rmSync(dist, { recursive: true, force: true });
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(folder, 'tsconfig.build.json')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`packages/${name} does not compile; see the messages above.`);
  cpSync(join(folder, 'src'), dist, { recursive: true, filter: (source) => !source.endsWith('.ts') });
  cpSync(join(ROOT, 'LICENSE'), join(dist, 'LICENSE'));
}

const workspaces = (manifest('.').workspaces ?? []).map((path) => path.replace('packages/', ''));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !existsSync(join(ROOT, 'packages', name, 'package.json')));
if (unknown.length > 0)
  throw new Error(`No such package: ${unknown.join(', ')}. There are: ${workspaces.join(', ')}.`);
for (const name of inOrder(asked.length > 0 ? asked : workspaces)) build(name);
