/** The store's thread on a disk whose fsync takes 10 ms longer: every commit does, and the thread is held for that time. */
import { parentPort, workerData } from 'node:worker_threads';
import { openCore } from '../packages/server/src/store/sqlite/open.ts';
import type { WorkerStart } from '../packages/server/src/store/sqlite/worker-protocol.ts';
import { serveCore } from '../packages/server/src/store/sqlite/worker-serve.ts';

const FSYNC_MS = 10;
const { path, rules, secretsKeys } = workerData as WorkerStart;
const never = new Int32Array(new SharedArrayBuffer(4));

if (parentPort !== null) {
  serveCore(parentPort, () => {
    const opened = openCore(path, rules, secretsKeys);
    const commit = opened.core.commit.bind(opened.core);
    opened.core.commit = (commands) => {
      const committed = commit(commands);
      Atomics.wait(never, 0, 0, FSYNC_MS);
      return committed;
    };
    return opened;
  });
}
