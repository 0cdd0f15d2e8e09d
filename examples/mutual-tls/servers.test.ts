/**
 * The two examples as they stand, in real servers: `npm run test:mutual-tls`. Only paths, ports and the server's surroundings are
 * put in. Fails when nginx or httpd is missing, because whoever calls it wants to know.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startWorld } from '../../packages/server/test/support/dispatch-harness.ts';
import { authority, selfSigned } from '../../packages/server/test/support/self-signed.ts';

const NEEDED = 'install it, say with: apt-get install --no-install-recommends nginx-light apache2-bin';
const receivers = authority('Receivers');
const callers = authority('Callers');
const caller = { ca: receivers.cert, ...selfSigned({ name: 'confab', issuer: callers }) };
const stranger = { ca: receivers.cert, ...selfSigned({ name: 'confab', issuer: authority('Strangers') }) };

interface Front {
  readonly folder: string;
  readonly port: number;
}

/** The example with this machine's paths and ports in the place of its own. */
function example(name: string, { folder, port }: Front, backend: number): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8')
    .replaceAll('/etc/confab-webhooks/', `${folder}/`)
    .replaceAll('127.0.0.1:8801', `127.0.0.1:${backend}`)
    .replace('listen 443', `listen 127.0.0.1:${port}`)
    .replace('Listen 443', `Listen 127.0.0.1:${port}`)
    .replace('*:443', `*:${port}`);
}

function nginx(front: Front, backend: number): string[] {
  const { folder } = front;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (what) => `${what}_temp_path ${folder}/${what};`,
  );
  write(folder, 'example.conf', example('nginx.conf', front, backend));
  write(
    folder,
    'main.conf',
    `daemon off; pid ${folder}/pid; error_log stderr; events {}
     http { access_log off; ${temporary.join(' ')} include ${folder}/example.conf; }`,
  );
  return [program('nginx'), '-p', folder, '-e', 'stderr', '-c', `${folder}/main.conf`];
}

function httpd(front: Front, backend: number): string[] {
  const { folder } = front;
  const binary = program('apache2', 'httpd');
  const modules = ['/usr/lib/apache2/modules', '/usr/lib64/httpd/modules', '/usr/libexec/apache2']
    .concat(join(dirname(realpathSync(binary)), '../lib/apache2/modules'))
    .find((path) => existsSync(join(path, 'mod_ssl.so')));
  assert.ok(modules, `the modules of ${binary} were not found; ${NEEDED}`);
  const load = [
    'mpm_event',
    'unixd',
    'authz_core',
    'headers',
    'socache_shmcb',
    'ssl',
    'proxy',
    'proxy_http',
  ].map(
    (name) => `<IfModule !${name}_module>\nLoadModule ${name}_module ${modules}/mod_${name}.so\n</IfModule>`,
  );
  const builtIn = spawnSync(binary, ['-l'], { encoding: 'utf8' }).stdout;
  const needed = load.filter((_, index) => !builtIn.includes(`mod_${['mpm_event', 'unixd'][index]}.c`));
  const user = process.getuid?.() === 0 ? 'User #65534\nGroup #65534\n' : '';
  write(
    folder,
    'main.conf',
    `ServerRoot ${folder}\nServerName localhost\nPidFile ${folder}/pid\nErrorLog ${folder}/error.log\nMutex default:${folder}\n` +
      `DefaultRuntimeDir ${folder}\n${needed.join('\n')}\n${user}${example('httpd.conf', front, backend)}`,
  );
  return [binary, '-D', 'FOREGROUND', '-f', `${folder}/main.conf`];
}

function write(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function program(...names: string[]): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const found = names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
  assert.ok(found, `${names.join(' or ')} is not installed; ${NEEDED}`);
  return found;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a server and waits until it takes connections; what it says when it does not is in the error. */
async function start(t: TestContext, prepare: (front: Front, backend: number) => string[], backend: number) {
  const folder = mkdtempSync(join(tmpdir(), 'confab-mutual-tls-'));
  const front = { folder, port: await freePort() };
  const identity = selfSigned({ issuer: receivers });
  write(folder, 'receiver.pem', identity.cert);
  write(folder, 'receiver.key', identity.key);
  write(folder, 'callers-ca.pem', callers.cert);
  const [binary = '', ...args] = prepare(front, backend);
  const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  t.after(async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  });
  while (!(await accepts(front.port))) {
    assert.ok(
      child.exitCode === null && child.signalCode === null,
      `${binary} did not start: ${said}${log(folder)}`,
    );
  }
  return front.port;
}

function log(folder: string): string {
  const path = join(folder, 'error.log');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exit;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

for (const [name, prepare, refusals] of [
  ['nginx', nginx, ['http_status']],
  ['httpd', httpd, ['tls_error', 'connection_reset']],
] as const) {
  test(`${name}: webhooks with the right certificate arrive; without it they wait until it is there`, async (t) => {
    await using world = await startWorld({ endpoints: [] });
    const port = await start(t, prepare, world.receiver.port);
    const endpoint = (tls: object) => ({
      name: 'a',
      url: `https://localhost:${port}/a`,
      timeoutMs: 60_000,
      tls,
    });
    await world.put(endpoint(caller));
    await world.send('g1', 3);
    await world.start();
    await world.quiet();
    assert.deepEqual(world.arrived('g1'), [1, 2, 3]);
    const [request] = world.receiver.requests;
    assert.match(String(request?.headers['x-client-certificate']), /CN ?= ?confab/);

    for (const tls of [{ ca: receivers.cert }, stranger]) {
      const failures = () => world.recording.seen.filter(({ verdict }) => verdict !== 'delivered');
      const [before, arrived] = [failures().length, world.arrivals.length];
      await world.put(endpoint(tls));
      await world.dispatcher.reload();
      await world.send('g1', 1);
      await world.until(() => failures().length >= before + 2);
      for (const { verdict } of failures().slice(before))
        assert.ok(
          refusals.some((one) => one === verdict),
          verdict,
        );
      assert.equal(world.arrivals.length, arrived, 'the backend saw nothing of it');
      await world.put(endpoint(caller));
      await world.dispatcher.reload();
      await world.quiet();
    }
    assert.deepEqual(world.arrived('g1'), [1, 2, 3, 4, 5]);
  });
}
