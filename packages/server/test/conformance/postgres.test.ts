import { after, before, describe } from 'node:test';
import pg from 'pg';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import type { StoreKind } from './open-store.ts';
import { orderSuite } from './order.ts';
import { conformance } from './suite.ts';

describe('PostgreSQL', () => {
  let server: PostgresServer;
  let admin: pg.Client;
  const made = new Set<string>();
  before(async () => {
    server = await PostgresServer.start();
    admin = new pg.Client({ connectionString: server.url() });
    await admin.connect();
  });
  after(async () => {
    await admin.end();
    await server[Symbol.asyncDispose]();
  });

  const kind: StoreKind = {
    open: async ({ rules, database }) => {
      // A schema is made faster than a database, and is as good.
      if (!made.has(database)) await admin.query(`CREATE SCHEMA "${database}"`);
      made.add(database);
      const url = server.url('postgres', `?options=-csearch_path%3D${database}`);
      return openPostgresStore({ url, rules });
    },
    durable: true,
  };
  conformance(kind);
  orderSuite(kind);
});
