import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { TestContext } from 'node:test';

export const LAUNCHER = join(import.meta.dirname, '../../bin/confab.js');

export interface Invocation {
  readonly cwd: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Flags for Node.js itself. */
  readonly nodeFlags?: readonly string[];
  readonly launcher?: string;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `confab`; what it says is collected. */
export interface Running {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the match once either stream has said it; rejects if the process ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves when the process has ended and nobody holds its streams any more. */
  readonly finished: Promise<Finished>;
}

/** A folder of the test's own, gone when the test is over. */
export function emptyFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'confab-cli-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the command as a user would, through the launcher. It is killed when the test is over. */
export function startConfab(t: TestContext, args: readonly string[], how: Invocation): Running {
  const flags = [...(how.nodeFlags ?? []), how.launcher ?? LAUNCHER];
  const child = spawn(process.execPath, [...flags, ...args], {
    cwd: how.cwd,
    env: { PATH: process.env.PATH, HOME: how.cwd, NO_COLOR: '1', ...how.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    said.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    said.stderr += chunk;
  });
  child.stdin.on('error', () => undefined).end(how.input ?? '');
  return {
    process: child,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    said: (pattern) =>
      waitFor(child, () => pattern.exec(said.stdout) ?? pattern.exec(said.stderr), pattern, said),
    finished: once(child, 'close').then(([code]) => ({ code, ...said })),
  };
}

function waitFor<T>(
  child: Running['process'],
  look: () => T | null,
  pattern: RegExp,
  said: { stdout: string; stderr: string },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const check = () => {
      const found = look();
      if (found !== null) resolve(found);
    };
    child.stdout.on('data', check);
    child.stderr.on('data', check);
    child.on('close', () =>
      reject(new Error(`ended before it said ${pattern}:\n${said.stdout}\n${said.stderr}`)),
    );
    check();
  });
}

/** Runs the command to its end. */
export function confab(t: TestContext, args: readonly string[], how: Invocation): Promise<Finished> {
  return startConfab(t, args, how).finished;
}
