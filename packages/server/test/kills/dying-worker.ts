/** The store's thread of a process that dies at a point of a transaction: `CONFAB_TEST_DIE=POINT/TRANSACTION`. */
import { parentPort, workerData } from 'node:worker_threads';
import { openCore } from '../../src/store/sqlite/open.ts';
import type { WorkerStart } from '../../src/store/sqlite/worker-protocol.ts';
import { serveCore } from '../../src/store/sqlite/worker-serve.ts';
import { dieAt, KILL_POINTS } from './kill-point.ts';

const { path, rules } = workerData as WorkerStart;
const [name, transaction] = (process.env.CONFAB_TEST_DIE ?? '').split('/');
const point = KILL_POINTS.find((known) => known === name);

if (parentPort !== null) {
  serveCore(parentPort, () => {
    const opened = openCore(path, rules);
    if (point !== undefined) dieAt(point, Number(transaction));
    return opened;
  });
}
