import type { Config } from './config/config.ts';
import { type MoveOptions, type MoveResult, move } from './store/move.ts';
import type { MoveTarget } from './store/move-side.ts';
import { openSqliteSource, openSqliteTarget } from './store/sqlite/move-side.ts';

export interface MoveStoreOptions extends MoveOptions {
  readonly from: Config['store'];
  readonly to: Config['store'];
}

/** Moves all state from an SQLite file into PostgreSQL or back, while no server uses either. Throws StoreError. */
export async function moveStore({ from, to, ...options }: MoveStoreOptions): Promise<MoveResult> {
  const source = await openSide(from, 'source');
  try {
    const target = await openSide(to, 'target');
    try {
      return await move(source, target, options);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function openSide(store: Config['store'], side: 'source' | 'target'): Promise<MoveTarget> {
  if (store.kind === 'sqlite')
    return side === 'source' ? openSqliteSource(store.path) : openSqliteTarget(store.path);
  const postgres = await import('./store/postgres/move-side.ts');
  return side === 'source'
    ? postgres.openPostgresSource({ url: store.url })
    : postgres.openPostgresTarget({ url: store.url });
}
