import { Gauge, type Registry } from 'prom-client';

/** What the metrics show of the store; the store's own statistics have most of these and more. */
export interface StoreGauges {
  readonly databaseBytes: number;
  readonly accounts: number;
  readonly groups: number;
  readonly lanesBehind: readonly {
    readonly app: number;
    readonly endpoint: string;
    readonly lanes: number;
  }[];
  /** Per endpoint: log rows that its lanes have not settled, and the age of the oldest of them; 0 when it has caught up. */
  readonly lag: readonly {
    readonly app: number;
    readonly endpoint: string;
    readonly events: number;
    readonly ageSeconds: number;
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
  const events = new Gauge({
    name: 'confab_lag_events',
    help: 'Events that the endpoint has still to get, at most: log rows after the cursors of its lanes.',
    labelNames,
    registers,
  });
  const age = new Gauge({
    name: 'confab_lag_seconds',
    help: 'Age of the oldest event that the endpoint has not got; 0 when it has caught up.',
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
    for (const { app, endpoint, lanes } of gauges.lanesBehind) behind.set({ app, endpoint }, lanes);
    for (const { app, endpoint, ...lag } of gauges.lag) {
      events.set({ app, endpoint }, lag.events);
      age.set({ app, endpoint }, lag.ageSeconds);
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
    for (const gauge of [databaseBytes, accounts, groups, behind, events, age, deadLetters]) gauge.reset();
    up.set(gauges === undefined ? 0 : 1);
    if (gauges !== undefined) show(gauges);
  };
}
