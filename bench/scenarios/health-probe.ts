import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 5;

/**
 * Asks for `url` every 5 ms from `afterMs` on until `work` is done, however long earlier answers take, and resolves with the
 * milliseconds of each answer.
 */
export async function probeWhile(url: string, work: Promise<unknown>, afterMs: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const asked: Promise<number>[] = [];
  let over = false;
  const end = () => {
    over = true;
  };
  work.then(end, end);
  await sleep(afterMs);
  while (!over) {
    const answered = ask(url, agent);
    // Looked at below, when all are there.
    answered.catch(() => undefined);
    asked.push(answered);
    await sleep(EVERY_MS);
  }
  await work;
  const times = await Promise.all(asked);
  agent.destroy();
  return times;
}

function ask(url: string, agent: Agent): Promise<number> {
  const begun = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  get(url, { agent }, (response) => {
    response.resume();
    response.on('end', () => resolve(performance.now() - begun));
  }).on('error', reject);
  return promise;
}
