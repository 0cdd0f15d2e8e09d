import { closeSync, openSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeUserSig } from '@confab-im/protocol';
import { runtimeFlags } from '../../packages/cli/bin/runtime-flags.js';
import { type Load, type LoadResult, runLoad } from '../load/load.ts';
import type { LoadCommand } from '../load/requests.ts';
import { startNode } from './children.ts';
import { ADMIN, APP, GROUPS, SECRET_KEY, SENDER, type Target, writeConfig } from './confab-config.ts';

const SCRIPT = new URL('./server-process.ts', import.meta.url);
const SLOW_DISK = new URL('../slow-disk-worker.ts', import.meta.url);
const READY_POLL_MS = 5;

export interface ConfabOptions {
  readonly folder: string;
  readonly endpoints: readonly Target[];
  readonly slowDisk?: boolean;
  /** Where its state lives; absent: in `folder`. */
  readonly store?: string;
}

export interface ConfabServer extends AsyncDisposable {
  readonly url: string;
  /** Log lines of this start, complete after `stop`. */
  readonly logFile: string;
  /** From the start of the process to the first 200 of `/readyz`. */
  readonly startMs: number;
  /** Creates the sender and the groups that the load is sent to. */
  createGroups(): Promise<void>;
  /** Where a command of the group service is posted to. */
  commandUrl(command: string): URL;
  /** One call of the REST API, `service/command`. Rejects when it is refused. */
  call(command: string, body: object): Promise<void>;
  /** Sends messages, or what else the load is of. Rejects when the server refused some: a refusal has HTTP status 200, and wrk takes it for a success. */
  load(load: Omit<Load, 'url'>): Promise<LoadResult>;
  residentBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** The server as people run it, from a configuration file, under the flags of the launcher, with its log in a file. */
export async function startConfab({
  folder,
  endpoints,
  slowDisk,
  store,
}: ConfabOptions): Promise<ConfabServer> {
  const logFile = join(folder, 'confab.log');
  const log = openSync(logFile, 'w');
  const begun = performance.now();
  const args = [writeConfig(folder, endpoints, store), ...(slowDisk ? [SLOW_DISK.href] : [])];
  const child = startNode(SCRIPT, args, { stdout: log, flags: runtimeFlags(availableParallelism()) });
  closeSync(log);
  const url = await child.next<string>();
  while ((await fetch(`${url}/readyz`)).status !== 200) await sleep(READY_POLL_MS);
  const startMs = performance.now() - begun;
  const query = await signedQuery();
  return {
    url,
    logFile,
    startMs,
    commandUrl: (command) => new URL(`${url}/v4/group_open_http_svc/${command}?${query}`),
    createGroups: () => createGroups(url, query),
    call: (command, body) => call(url, query, command, body),
    async load(load) {
      const { command = 'send_group_msg' } = load;
      const result = await runLoad({ url: `${url}/v4/group_open_http_svc/${command}?${query}`, ...load });
      await checkAnswers(url, command);
      return result;
    },
    residentBytes: () => child.ask<number>('resident'),
    stop: () => child.stop(),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

async function signedQuery(): Promise<string> {
  const usersig = await makeUserSig({
    sdkAppId: APP,
    userId: ADMIN,
    key: SECRET_KEY,
    now: Math.floor(Date.now() / 1000),
    expireSeconds: 86_400,
  });
  const parts = { sdkappid: String(APP), identifier: ADMIN, usersig, random: '1', contenttype: 'json' };
  return new URLSearchParams(parts).toString();
}

async function call(url: string, query: string, command: string, body: object): Promise<void> {
  const response = await fetch(`${url}/v4/${command}?${query}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  const { ActionStatus, ErrorInfo } = (await response.json()) as {
    ActionStatus: string;
    ErrorInfo: string;
  };
  if (ActionStatus !== 'OK') throw new Error(`The server refused ${command}: ${ErrorInfo}`);
}

async function createGroups(url: string, query: string): Promise<void> {
  await call(url, query, 'im_open_login_svc/account_import', { UserID: SENDER });
  for (const GroupId of GROUPS) {
    await call(url, query, 'group_open_http_svc/create_group', {
      Type: 'Public',
      Name: GroupId,
      GroupId,
      Owner_Account: SENDER,
    });
  }
}

/** Looks at the server's own count of its answers by ErrorCode. */
async function checkAnswers(url: string, command: LoadCommand): Promise<void> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const counted = new RegExp(
    `^confab_http_requests_total\\{command="[^"]*${command}",code="(\\d+)"\\} (\\d+)`,
    'gm',
  );
  const answers = page.matchAll(counted);
  const counts = [...answers].map(([, code = '', count = '']) => ({ code, count }));
  if (counts.length === 0)
    throw new Error(`The server has counted no ${command}; has the metric another name?`);
  const refused = counts.filter(({ code }) => code !== '0');
  if (refused.length > 0) {
    const list = refused.map(({ code, count }) => `${count} with ErrorCode ${code}`).join(', ');
    throw new Error(
      `The server refused requests of the load: ${list}; docs/errors.md says what the codes mean.`,
    );
  }
}
