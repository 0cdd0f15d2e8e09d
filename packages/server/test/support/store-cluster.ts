import pg from 'pg';
import { DEFAULT_RULES, type Rules } from '../../src/domain/rules.ts';
import { openPostgresStore, type PostgresOptions } from '../../src/store/postgres/open.ts';
import type { Store } from '../../src/store/store.ts';
import type { PostgresServer } from './postgres-server.ts';

let schemas = 0;

/** Several stores on one database: a schema of its own on a running server. */
export class StoreCluster implements AsyncDisposable {
  readonly stores: Store[] = [];
  readonly schema: string;
  readonly #server: PostgresServer;
  readonly #rules: Partial<Rules>;

  constructor(server: PostgresServer, rules: Partial<Rules> = {}) {
    schemas += 1;
    this.schema = `nodes${schemas}`;
    this.#server = server;
    this.#rules = rules;
  }

  static async open(
    server: PostgresServer,
    nodes: number,
    rules: Partial<Rules> = {},
  ): Promise<StoreCluster> {
    const cluster = new StoreCluster(server, rules);
    await server.query(`CREATE SCHEMA ${cluster.schema}`);
    for (let node = 0; node < nodes; node += 1) await cluster.add();
    return cluster;
  }

  get url(): string {
    return this.#server.url('postgres', `?options=-csearch_path%3D${this.schema}`);
  }

  async add(options: Partial<PostgresOptions> = {}): Promise<Store> {
    const rules = { ...DEFAULT_RULES, groupMessagesPerSecond: 0, ...this.#rules };
    const store = await openPostgresStore({ url: this.url, rules, alone: false, ...options });
    this.stores.push(store);
    return store;
  }

  node(index: number): Store {
    const store = this.stores[index % this.stores.length];
    if (store === undefined) throw new Error('no store is open');
    return store;
  }

  /** In the schema of this cluster. */
  async query(text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.stores.map((store) => store.close()));
  }
}
