import type { DatabaseSync } from 'node:sqlite';
import { type Statement, statement } from './statement.ts';

/** The last broadcast of an app: its number, and when it was in unix ms. */
export interface LastBroadcast {
  readonly seq: number;
  readonly at: number;
}

export class Broadcasts {
  readonly #last: Statement<LastBroadcast>;
  readonly #put;

  constructor(db: DatabaseSync) {
    this.#last = statement(db, 'SELECT seq, at FROM broadcast WHERE app = ?');
    this.#put = statement(
      db,
      'INSERT INTO broadcast VALUES (?1, ?2, ?3) ON CONFLICT (app) DO UPDATE SET seq = ?2, at = ?3',
    );
  }

  last(app: number): LastBroadcast | undefined {
    return this.#last.get(app);
  }

  put(app: number, { seq, at }: LastBroadcast): void {
    this.#put.run(app, seq, at);
  }
}
