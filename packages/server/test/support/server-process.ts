import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { makeUserSig } from '@confab-im/protocol';

const MAIN = fileURLToPath(new URL('./serve-main.ts', import.meta.url));
const APP = 1_400_000_001;
const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';

export interface ServerProcessOptions {
  readonly endpoint?: Record<string, unknown>;
  /** Another script for the store's thread. */
  readonly storeScript?: URL;
  /** Path of another program than `serve-main.ts`. */
  readonly main?: string;
  /** Instead of a file of its own. */
  readonly store?: string;
  /** More of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** A call that is not answered for so long, in ms, counts as broken. */
  readonly patienceMs?: number;
}

/** A folder with a configuration, and a server over it that can be started, killed and started again. */
export class ServerProcess implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'confab-e2e-'));
  readonly #config = join(this.folder, 'confab.yaml');
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });
  readonly #storeScript: URL | undefined;
  readonly #main: string;
  readonly #patienceMs: number | undefined;
  #child: ChildProcess | undefined;
  #exit: Promise<void> = Promise.resolve();
  /** Unix ms of the last process's end. */
  diedAt = 0;
  #url = '';
  #query = '';

  constructor(endpointUrl: string, options: ServerProcessOptions = {}) {
    this.#storeScript = options.storeScript;
    this.#main = options.main ?? MAIN;
    this.#patienceMs = options.patienceMs;
    const endpoint = {
      name: 'main',
      url: endpointUrl,
      events: 'Group.CallbackAfterSendMsg',
      allowPrivateNetwork: true,
      ...options.endpoint,
    };
    const config = {
      listen: '127.0.0.1:0',
      store: options.store ?? `sqlite:${join(this.folder, 'data', 'confab.db')}`,
      limits: { groupMessagesPerSecond: 0 },
      log: { level: 'error' },
      ...options.config,
      apps: [{ sdkAppId: APP, secretKeys: [KEY], admins: ['administrator'], endpoints: [endpoint] }],
    };
    writeFileSync(this.#config, JSON.stringify(config));
  }

  get url(): string {
    return this.#url;
  }

  /** False when the process died before it was up. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<boolean> {
    const script = this.#storeScript === undefined ? [] : [this.#storeScript.href];
    const args = ['--conditions=@confab-im/source', this.#main, this.#config, ...script];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    this.#child = child;
    this.#exit = once(child, 'exit').then(() => {
      this.diedAt = Date.now();
    });
    this.#url = '';
    for await (const line of createInterface({ input: child.stdout })) {
      const message = JSON.parse(line) as { url?: string };
      if (message.url === undefined) continue;
      this.#url = message.url;
      break;
    }
    if (this.#url === '') return false;
    const now = Math.floor(Date.now() / 1000);
    const usersig = await makeUserSig({
      sdkAppId: APP,
      userId: 'administrator',
      key: KEY,
      now,
      expireSeconds: 86_400,
    });
    this.#query = `sdkappid=${APP}&identifier=administrator&usersig=${usersig}&random=1&contenttype=json`;
    return true;
  }

  /** SIGKILL: nothing is written down any more. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** SIGTERM: an orderly end; resolves with the exit code. */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  /** Resolves with the exit code once it has ended by itself. */
  async ended(): Promise<number | null> {
    await this.#exit;
    return this.#child?.exitCode ?? null;
  }

  /** SIGSTOP: it does nothing any more, and does not know it. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === undefined) return null;
    child.kill(signal);
    await this.#exit;
    return child.exitCode;
  }

  /** Calls a REST command; rejects when the connection breaks. */
  call(command: string, body: object): Promise<Record<string, unknown>> {
    const options = { method: 'POST', agent: this.#agent, headers: { 'content-type': 'application/json' } };
    return new Promise((resolve, reject) => {
      const sent = request(`${this.#url}/v4/${command}?${this.#query}`, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          if (response.complete)
            resolve(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
          else reject(new Error('half an answer'));
        });
      });
      sent.on('error', reject);
      if (this.#patienceMs !== undefined)
        sent.setTimeout(this.#patienceMs, () => sent.destroy(new Error('no answer')));
      sent.end(JSON.stringify(body));
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async dispose(): Promise<void> {
    await this.kill();
    this.#agent.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
