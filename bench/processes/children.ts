import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Everything that runs, so that nothing is left behind. */
const running = new Set<ChildProcess>();
const END_WITH_PARENT = new URL('./end-with-parent.ts', import.meta.url).href;
/** A process that was asked to end in order gets this long. */
const STOP_MS = 30_000;

export interface Child extends AsyncDisposable {
  /** Resolves with the next message of the process; rejects when it ends before. */
  next<T>(): Promise<T>;
  /** Sends a word and resolves with the answer. One question at a time. */
  ask<T>(question: string): Promise<T>;
  /** Asks it to end in order; rejects when it ends in any other way. */
  stop(): Promise<void>;
}

/** Starts a Node program of the bench under this very runtime, with a channel to it. `stdout` is a file descriptor, `flags` are Node's. */
export function startNode(
  script: URL,
  args: readonly string[],
  { stdout, flags = [] }: { readonly stdout?: number; readonly flags?: readonly string[] } = {},
): Child {
  const child = fork(script, args, {
    execArgv: [...process.execArgv, ...flags, '--import', END_WITH_PARENT],
    stdio: ['ignore', stdout ?? 'ignore', 'inherit', 'ipc'],
  });
  track(child);
  const name = script.pathname.split('/').at(-1);
  const next = async <T>(): Promise<T> => {
    const settled = new AbortController();
    const { signal } = settled;
    const ended = async (): Promise<never> => {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit', { signal });
      throw new Error(
        `${name} ended (${child.signalCode ?? child.exitCode}) before it answered; see its messages above.`,
      );
    };
    try {
      const [message] = await Promise.race([once(child, 'message', { signal }), ended()]);
      return message as T;
    } finally {
      settled.abort();
    }
  };
  return {
    next,
    ask: (question) => {
      if (child.connected) child.send(question);
      return next();
    },
    async stop() {
      const exit = once(child, 'exit', { signal: AbortSignal.timeout(STOP_MS) });
      child.kill('SIGTERM');
      const [code, signal] = await exit;
      if (code !== 0) throw new Error(`${name} ended with ${signal ?? code} when it was asked to stop.`);
    },
    [Symbol.asyncDispose]: () => kill(child),
  };
}

/** Runs a program to its end and resolves with what it printed. */
export async function runProgram(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  track(child);
  const printed: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ended with ${code}; see its messages above.`);
  return Buffer.concat(printed).toString();
}

/** Ends all processes at once. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

function track(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
