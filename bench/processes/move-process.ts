/** A move in a process of its own: `move-process.ts FROM TO`. Tells what it took and how large it was. */
import { moveStore } from '@confab-im/server';
import { parseStore } from '../../packages/server/src/config/values.ts';

/** What a move took: its halves in seconds, its resident memory in megabytes, one sample every tenth of its rows. */
export interface MoveFigures {
  readonly copySeconds: number;
  readonly compareSeconds: number;
  readonly memory: readonly number[];
}

const [from = '', to = ''] = process.argv.slice(2);
const began = performance.now();
let copied = began;
const memory: number[] = [];
let next = 0;
await moveStore({
  from: parseStore(from),
  to: parseStore(to),
  onProgress({ step, done, total }) {
    if (step === 'copy') copied = performance.now();
    const at = (step === 'copy' ? 0 : 1) + done / total;
    if (at < next) return;
    next += 0.05;
    memory.push(process.memoryUsage.rss() / 1e6);
  },
});
const figures: MoveFigures = {
  copySeconds: (copied - began) / 1_000,
  compareSeconds: (performance.now() - copied) / 1_000,
  memory,
};
process.send?.(figures);
