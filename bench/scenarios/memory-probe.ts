import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfabServer } from '../processes/confab-server.ts';

const EVERY_MS = 250;

/** The server's resident memory in megabytes (10^6 bytes), every quarter of a second until `work` is done. */
export async function memoryWhile(server: ConfabServer, work: Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  let over = false;
  const end = () => {
    over = true;
  };
  work.then(end, end);
  while (!over) {
    samples.push((await server.residentBytes()) / 1e6);
    await sleep(EVERY_MS);
  }
  await work;
  return samples;
}
