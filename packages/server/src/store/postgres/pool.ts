import pg from 'pg';
import { plain } from './arrays.ts';
import { isPassing, postgresErrorOf } from './failure.ts';
import { type Address, clientConfig, SESSION } from './link.ts';
import type { Row, Statement, Value } from './statement.ts';

/** These are of many kinds, and none so frequent that its plan would be worth remembering. */
const PLAN_EACH = 'SET plan_cache_mode = force_custom_plan';

/** Connections for reads whose order against writes does not matter, beside the one that writes. */
const CONNECTIONS = 4;

/** Reads for people and for the REST API: what was acknowledged before shows in them, on any connection. */
export class Pool {
  readonly #pool: pg.Pool;

  constructor(address: Address) {
    const onConnect = (client: pg.ClientBase): Promise<unknown> => client.query(`${SESSION}; ${PLAN_EACH}`);
    this.#pool = new pg.Pool({
      ...clientConfig(address),
      max: CONNECTIONS,
      allowExitOnIdle: true,
      onConnect,
    });
    // One that is lost while it rests is replaced by the next that is needed.
    this.#pool.on('error', () => {});
  }

  /** Throws StoreError. A read that meets a lost connection is tried once more. */
  async rows<Shape>(of: Statement, ...values: readonly Value[]): Promise<Shape[]> {
    const query = {
      name: of.name,
      text: of.text,
      values: values.map((value) => (typeof value === 'string' ? plain(value) : value)),
    };
    try {
      return (await this.#pool.query<Row>(query)).rows as Shape[];
    } catch (error) {
      if (!isPassing(postgresErrorOf(error))) throw postgresErrorOf(error);
    }
    try {
      return (await this.#pool.query<Row>(query)).rows as Shape[];
    } catch (error) {
      throw postgresErrorOf(error);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
