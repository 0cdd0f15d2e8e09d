import { ClusterNode } from '../../src/cluster-node.ts';
import { SqliteCore } from '../../src/store/sqlite/core.ts';
import { Dispatcher } from '../../src/webhook/dispatcher.ts';

/** The code under test: what a history runs, as it is or with a planted fault. */
export interface System {
  readonly ClusterNode: typeof ClusterNode;
  readonly Dispatcher: typeof Dispatcher;
  readonly SqliteCore: typeof SqliteCore;
}

export const SOUND: System = { ClusterNode, Dispatcher, SqliteCore };
