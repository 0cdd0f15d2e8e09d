import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram, startNode } from '../processes/children.ts';
import { CLOUD_CUSTOM_DATA, TEXT } from './message.ts';
import type { LoadCommand } from './requests.ts';

export const CONNECTIONS = 64;
/** An answer that takes longer counts as failed. wrk's own 2 s would take a slow answer on a busy machine for a failure. */
const ANSWER_WITHIN = '30s';
const PROCESS = new URL('./load-process.ts', import.meta.url);
const WRK_SCRIPT = fileURLToPath(new URL('./message.lua', import.meta.url));
const WRK_GROUP_SCRIPT = fileURLToPath(new URL('./group-command.lua', import.meta.url));

export interface Load {
  readonly url: string;
  readonly seconds: number;
  /** Absent: `send_group_msg`. */
  readonly command?: LoadCommand;
  /** No message of this store has this `Random` or a higher one; of other commands, no request was made with this number or a higher one. */
  readonly firstRandom: number;
  /** Messages per second, sent whether answers are slow or not; absent: as many as 64 connections get answered. */
  readonly rate?: number;
}

export interface LoadResult {
  /** Requests that were answered. */
  readonly sent: number;
  /** Answers that were none, or refusals as far as the generator reads them. */
  readonly errors: number;
  /** Unix ms. */
  readonly startedAt: number;
  readonly seconds: number;
}

/** Whether `wrk` is there, which takes the least of the machine for itself. */
export const HAS_WRK = (process.env.PATH ?? '')
  .split(delimiter)
  .some((folder) => isProgram(join(folder, 'wrk')));

/** Sends group messages, or other commands: `wrk` at full load where it is there, else the built-in generator. Rejects when requests failed. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const result = HAS_WRK && load.rate === undefined ? await runWrk(load) : await runBuiltIn(load);
  if (result.errors > 0) throw new Error(`${result.errors} of ${result.sent} requests of the load failed.`);
  return result;
}

async function runWrk({ url, seconds, firstRandom, command = 'send_group_msg' }: Load): Promise<LoadResult> {
  const startedAt = Date.now();
  const [script, ...args] =
    command === 'send_group_msg'
      ? [WRK_SCRIPT, String(firstRandom), TEXT, CLOUD_CUSTOM_DATA]
      : [WRK_GROUP_SCRIPT, command, String(firstRandom)];
  const printed = await runProgram('wrk', [
    ...['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--timeout', ANSWER_WITHIN, '-s', script, url],
    ...['--', ...args],
  ]);
  const counts = JSON.parse(printed.trim().split('\n').at(-1) ?? '') as Omit<LoadResult, 'startedAt'>;
  return { ...counts, startedAt };
}

async function runBuiltIn(load: Load): Promise<LoadResult> {
  await using child = startNode(PROCESS, [JSON.stringify(load)]);
  return await child.next<LoadResult>();
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
