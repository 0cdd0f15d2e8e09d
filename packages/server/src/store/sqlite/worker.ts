import { parentPort, workerData } from 'node:worker_threads';
import { openCore } from './open.ts';
import type { WorkerStart } from './worker-protocol.ts';
import { serveCore } from './worker-serve.ts';

/** The thread that owns the database: its fsync holds nobody's event loop. */
const { path, rules, secretsKeys } = workerData as WorkerStart;
if (parentPort !== null) serveCore(parentPort, () => openCore(path, rules, secretsKeys));
