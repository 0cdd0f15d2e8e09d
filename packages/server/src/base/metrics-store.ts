import { Gauge, type Registry } from 'prom-client';

/** What the metrics show of the store; the store's own statistics have these and more. Times in unix ms. */
export interface StoreGauges {
  readonly databaseBytes: number;
  readonly accounts: number;
  readonly groups: number;
  readonly lanesBehind: readonly {
    readonly app: number;
    readonly endpoint: string;
    readonly lanes: number;
    readonly oldestDueAt?: number;
  }[];
  readonly deadLetters: readonly { readonly app: number; readonly endpoint: string; readonly open: number }[];
}

/**
 * Gauges of the store. What is returned brings them up to date, once per scrape; a store that fails shows as `confab_store_up 0`
 * and the rest of the page still comes.
 */
export function storeMetrics(registry: Registry, stats: () => Promise<StoreGauges>): () => Promise<void> {
  const registers = [registry];
  const labelNames = ['app', 'endpoint'];
  const databaseBytes = new Gauge({
    name: 'confab_database_bytes',
    help: 'Size of the database.',
    registers,
  });
  const accounts = new Gauge({ name: 'confab_accounts', help: 'Accounts of all apps.', registers });
  const groups = new Gauge({ name: 'confab_groups', help: 'Groups of all apps.', registers });
  const behind = new Gauge({
    name: 'confab_lanes_behind',
    help: 'Lanes (endpoint and group) with undelivered events.',
    labelNames,
    registers,
  });
  const oldest = new Gauge({
    name: 'confab_lanes_behind_oldest_due_seconds',
    help: 'Since when the longest waiting lane of the endpoint wants work, unix time in seconds.',
    labelNames,
    registers,
  });
  const deadLetters = new Gauge({
    name: 'confab_dead_letters_open',
    help: 'Dead letters that nobody has replayed yet.',
    labelNames,
    registers,
  });

  const show = (gauges: StoreGauges) => {
    databaseBytes.set(gauges.databaseBytes);
    accounts.set(gauges.accounts);
    groups.set(gauges.groups);
    for (const { app, endpoint, lanes, oldestDueAt } of gauges.lanesBehind) {
      behind.set({ app, endpoint }, lanes);
      if (oldestDueAt !== undefined) oldest.set({ app, endpoint }, oldestDueAt / 1000);
    }
    for (const { app, endpoint, open } of gauges.deadLetters) deadLetters.set({ app, endpoint }, open);
  };

  const up = new Gauge({
    name: 'confab_store_up',
    help: 'Whether the store answered this scrape.',
    registers,
  });
  return async () => {
    const gauges = await stats().catch(() => undefined);
    for (const gauge of [databaseBytes, accounts, groups, behind, oldest, deadLetters]) gauge.reset();
    up.set(gauges === undefined ? 0 : 1);
    if (gauges !== undefined) show(gauges);
  };
}
