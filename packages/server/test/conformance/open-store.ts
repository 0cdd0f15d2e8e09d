import type { Rules } from '../../src/domain/rules.ts';
import type { Store } from '../../src/store/store.ts';

export interface OpenOptions {
  readonly rules: Rules;
  /** Name of the database within the test run; opening a name again finds what the last opening left. */
  readonly database: string;
}

/** Opens a store of the kind under test. */
export type OpenStore = (options: OpenOptions) => Promise<Store>;

export interface StoreKind {
  readonly open: OpenStore;
  /** What was committed is still there when the database is opened again. */
  readonly durable: boolean;
}
