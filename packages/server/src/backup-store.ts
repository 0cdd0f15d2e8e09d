import type { StoreConfig } from './config/config.ts';
import type { Restored } from './store/restored.ts';
import { backupFile, type RestoreOptions, restoreFile, restoreInPlace } from './store/sqlite/backup.ts';

export { backupFile };

export interface RestoreStoreOptions extends RestoreOptions {
  /** The backup; absent when it was put into the store by other means. */
  readonly file?: string;
  readonly store: StoreConfig;
}

/** Puts a backup back, or marks what was put back as restored, while no server uses the store. Throws StoreError. */
export async function restoreStore({ file, store, ...options }: RestoreStoreOptions): Promise<Restored> {
  if (store.kind === 'sqlite')
    return file === undefined ? restoreInPlace(store.path, options) : restoreFile(file, store.path, options);
  const { restoreDatabase } = await import('./store/postgres/restored.ts');
  return restoreDatabase({ url: store.url }, options);
}
