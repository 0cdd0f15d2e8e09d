import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { confab, emptyFolder, LAUNCHER, startConfab } from './support/confab.ts';

/** Makes Node.js tell the launcher that it is old; the pinned runtime that takes over tells the truth again. */
const OLD_NODE = [
  '--import',
  `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.20.2'}})`,
];

test('a new enough Node.js runs the command in the same process', async (t) => {
  const folder = emptyFolder(t);
  const { code, stdout } = await confab(t, ['--version'], { cwd: folder });
  assert.equal(code, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test('an old Node.js hands over to the pinned runtime: arguments, input, output and exit code pass through', async (t) => {
  const folder = emptyFolder(t);
  const key = 'not-a-real-key';
  const make = ['usersig', 'make', '--app', '1400000001', '--user', 'a b', '--key-file', '-'];
  const made = await confab(t, make, { cwd: folder, nodeFlags: OLD_NODE, input: key });
  assert.equal(made.code, 0, made.stderr);
  const explained = await confab(t, ['usersig', 'explain', made.stdout.trim()], { cwd: folder });
  assert.match(explained.stdout, /account {2}a b\n/);
  const refused = await confab(t, ['usersig', 'explain', 'x y'], { cwd: folder, nodeFlags: OLD_NODE });
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^confab: This is no UserSig/);
});

test('without a pinned runtime, an old Node.js says plainly what is needed', async (t) => {
  const folder = emptyFolder(t);
  cpSync(join(LAUNCHER, '..'), join(folder, 'bin'), { recursive: true });
  cpSync(join(LAUNCHER, '../../package.json'), join(folder, 'package.json'));
  const launcher = join(folder, 'bin/confab.js');
  const { code, stderr } = await confab(t, ['serve'], { cwd: folder, nodeFlags: OLD_NODE, launcher });
  assert.equal(code, 1);
  assert.match(stderr, /^confab: confab needs Node\.js 24 or newer; this is v\d+/);
  assert.equal(stderr.trim().split('\n').length, 1);
});

test('a signal to the launcher reaches the server, which stops in order', async (t) => {
  const server = startConfab(t, ['serve'], serving(emptyFolder(t)));
  await server.said(/ready at/);
  server.process.kill('SIGTERM');
  assert.deepEqual((await server.finished).code, 0);
});

test('when the launcher is killed outright, the server ends too', async (t) => {
  const server = startConfab(t, ['serve'], serving(emptyFolder(t)));
  const [, url] = await server.said(/ready at (\S+);/);
  server.process.kill('SIGKILL');
  // The server inherited our pipes: they close only when it has ended as well.
  await server.finished;
  await assert.rejects(fetch(`${url}/healthz`), TypeError);
});

function serving(cwd: string) {
  return { cwd, nodeFlags: OLD_NODE, env: { CONFAB_LISTEN: '127.0.0.1:0' } };
}
