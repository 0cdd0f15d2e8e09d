import type { Clock } from './base/clock.ts';
import type { Config } from './config/config.ts';
import type { StoreError } from './store/errors.ts';
import { openWorkerStore } from './store/sqlite/worker-store.ts';
import type { Store } from './store/store.ts';

export interface OpenStoreOptions {
  readonly config: Pick<Config, 'store' | 'rules' | 'secretsKeys'>;
  readonly clock: Clock;
  /** Another script for the thread of the SQLite store. */
  readonly script?: URL;
  /** Told after each transaction: how many commands it held and how long it took in ms. */
  onCommit(commands: number, durationMs: number): void;
  /** Told when the store cannot go on. */
  onDeath(error: StoreError): void;
}

/** The store that the configuration names. PostgreSQL's driver is loaded only when it is asked for. */
export async function openStore({
  config,
  clock,
  script,
  onCommit,
  onDeath,
}: OpenStoreOptions): Promise<Store> {
  const { store, rules, secretsKeys } = config;
  if (store.kind === 'sqlite') {
    const { path } = store;
    const other = script === undefined ? {} : { script };
    return openWorkerStore({ path, rules, secretsKeys, onCommit, onDeath, ...other });
  }
  const { openPostgresStore } = await import('./store/postgres/open.ts');
  return openPostgresStore({ url: store.url, alone: false, rules, secretsKeys, clock, onCommit, onDeath });
}
