/**
 * The packages as a stranger gets them: built, packed, installed by npm into an empty project, type-checked and run there.
 * No network: what they depend on is packed from our own node_modules and installed beside them, and npm runs with --offline,
 * so that a dependency which a package.json forgets makes the installation or the start fail.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..');
const OURS = ['protocol', 'receiver', 'server', 'recorder', 'cli'];

/** What a TypeScript project with `node:` imports has anyway. */
const TYPES = ['@types/node'];

let home: string;
let project: string;

/** With a cache of its own, empty at first: what only happens to lie in the machine's cache must not help. */
const npm = (args: readonly string[], cwd: string) =>
  run('npm', [...args, '--offline', '--cache', join(home, 'cache'), '--ignore-scripts', '--loglevel=error'], {
    cwd,
    shell: process.platform === 'win32',
  });

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'confab-packaging-'));
  project = join(home, 'project');
  const tarballs = join(home, 'tarballs');
  await Promise.all([mkdir(project), mkdir(tarballs)]);
  await run(process.execPath, [join(ROOT, 'scripts/build.ts')], { cwd: ROOT });
  const ours = OURS.map((name) => join(ROOT, 'packages', name));
  const theirs = [...(await thirdParties())].map((name) => join(ROOT, 'node_modules', name));
  await npm(['pack', ...ours, ...theirs, '--pack-destination', tarballs], ROOT);
  await writeFile(join(project, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }');
  const files = (await readdir(tarballs)).map((file) => join(tarballs, file));
  await npm(['install', ...files], project);
});

after(() => rm(home, { recursive: true, force: true }));

/** Everything that our packages need at run time, and what that needs in turn. */
async function thirdParties(): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const visit = async (manifest: string) => {
    const { dependencies = {} } = JSON.parse(await readFile(manifest, 'utf8'));
    for (const name of Object.keys(dependencies)) {
      if (name.startsWith('@confab-im/') || found.has(name)) continue;
      found.add(name);
      await visit(join(ROOT, 'node_modules', name, 'package.json'));
    }
  };
  for (const name of OURS) await visit(join(ROOT, 'packages', name, 'package.json'));
  for (const name of TYPES) {
    found.add(name);
    await visit(join(ROOT, 'node_modules', name, 'package.json'));
  }
  return found;
}

test('every entry point has types that hold in a strict project, declarations included', async () => {
  await writeFile(join(project, 'consumer.ts'), CONSUMER);
  const options = {
    strict: true,
    noEmit: true,
    module: 'nodenext',
    target: 'es2024',
    types: ['node'],
    skipLibCheck: false,
  };
  await writeFile(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, files: ['consumer.ts'] }),
  );
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [tsc, '-p', '.'], { cwd: project }).catch((error) => assert.fail(error.stdout));
});

test('the library works: a UserSig made with it verifies', async () => {
  const script = `
    import { makeUserSig, verifyUserSig } from '@confab-im/protocol';
    const part = { sdkAppId: 1400000001, userId: 'alice', now: 1700000000 };
    const sig = await makeUserSig({ ...part, key: 'k', expireSeconds: 60 });
    console.log((await verifyUserSig(sig, { ...part, keys: ['k'] })).ok);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: project });
  assert.equal(stdout, 'true\n');
});

test('the command serves: it makes its configuration, gets ready and stops when asked', async () => {
  const confab = join(project, 'node_modules/.bin/confab');
  const env = { ...process.env, CONFAB_LISTEN: '127.0.0.1:0' };
  const server = spawn(process.execPath, [confab, 'serve'], {
    cwd: project,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  for await (const chunk of server.stderr) {
    said += chunk;
    const url = /ready at (http:\S+?);[\s\S]*confab check/.exec(said)?.[1];
    if (url === undefined || server.killed) continue;
    const response = await fetch(`${url}/readyz`);
    assert.equal(response.status, 200, await response.text());
    server.kill('SIGTERM');
  }
  const code = server.exitCode ?? (await new Promise((resolve) => server.on('exit', resolve)));
  assert.equal(code, 0, said);
});

const CONSUMER = `
import { type GroupMessageSent, makeUserSig } from '@confab-im/protocol';
import { createReceiver } from '@confab-im/receiver';
import * as expressAdapter from '@confab-im/receiver/express';
import * as fastifyAdapter from '@confab-im/receiver/fastify';
import * as nodeAdapter from '@confab-im/receiver/node-http';
import * as webAdapter from '@confab-im/receiver/web';
import { startRecorder } from '@confab-im/recorder';
import { type Config, loadConfig, startServer } from '@confab-im/server';
import { main } from '@confab-im/cli';

const parts = { sdkAppId: 1, userId: 'a', key: 'k', now: 1, expireSeconds: 1 };
export const sig: Promise<string> = makeUserSig(parts);
// @ts-expect-error a UserSig without a key: the types are real and not any
export const wrong = makeUserSig({ sdkAppId: 1 });
export const config: Config = loadConfig({ text: '', env: {} });
export const code: Promise<number> = main([]);
export const sequence = (event: GroupMessageSent): number => event.msgSeq;
export const rest = [createReceiver, expressAdapter, fastifyAdapter, nodeAdapter, webAdapter, startRecorder, startServer];
`;
