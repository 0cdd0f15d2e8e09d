import type { NodeRow } from '../store/cluster.ts';
import type { Store } from '../store/store.ts';

/** The nodes on this database, the oldest first: those that live, and those that died within the last day. */
export async function listNodes({
  store,
}: {
  readonly store: Pick<Store, 'cluster'>;
}): Promise<readonly NodeRow[]> {
  return (await store.cluster?.nodes()) ?? [];
}
