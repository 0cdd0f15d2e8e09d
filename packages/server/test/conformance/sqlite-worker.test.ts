import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import { openWorkerStore } from '../../src/store/sqlite/worker-store.ts';
import type { StoreKind } from './open-store.ts';
import { orderSuite } from './order.ts';
import { conformance } from './suite.ts';

describe('SQLite on a file, in a worker', () => {
  const folder = mkdtempSync(join(tmpdir(), 'confab-store-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const kind: StoreKind = {
    open: ({ rules, database }) => openWorkerStore({ path: join(folder, `${database}.db`), rules }),
    durable: true,
  };
  conformance(kind);
  orderSuite(kind);
});
