import type { DatabaseSync } from 'node:sqlite';
import { BoundedMap } from '../../base/bounded-map.ts';
import type { NewAccount } from '../commands.ts';
import { statement } from './statement.ts';

export interface Account {
  readonly number: number;
  readonly nick: string;
  readonly face_url: string;
}

/** Accounts kept in memory between batches; about 200 bytes each. */
const CACHED = 20_000;

/** The account table. Every send looks its sender up, so lately used accounts stay in memory. */
export class Accounts {
  readonly #cache = new BoundedMap<string, Account>(CACHED);
  readonly #select;
  readonly #upsert;
  readonly #delete;
  readonly #count;

  constructor(db: DatabaseSync) {
    this.#select = statement<Account>(
      db,
      'SELECT number, nick, face_url FROM account WHERE app = ? AND user_id = ?',
    );
    this.#upsert = statement(
      db,
      `INSERT INTO account (app, user_id, nick, face_url, created_at) VALUES (?1, ?2, coalesce(?3, ''), coalesce(?4, ''), ?5)
       ON CONFLICT (app, user_id) DO UPDATE SET nick = coalesce(?3, nick), face_url = coalesce(?4, face_url)`,
    );
    this.#delete = statement(db, 'DELETE FROM account WHERE app = ? AND user_id = ?');
    this.#count = statement<{ n: number }>(db, 'SELECT count(*) AS n FROM account');
  }

  get(app: number, userId: string): Account | undefined {
    const key = `${app}/${userId}`;
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    const account = this.#select.get(app, userId);
    if (account !== undefined) this.#cache.set(key, account);
    return account;
  }

  import(app: number, accounts: readonly NewAccount[], now: number): void {
    for (const { userId, nick, faceUrl } of accounts) {
      this.#upsert.run(app, userId, nick ?? null, faceUrl ?? null, now);
      this.#cache.delete(`${app}/${userId}`);
    }
  }

  /** False when there was no such account. */
  delete(app: number, userId: string): boolean {
    this.#cache.delete(`${app}/${userId}`);
    return this.#delete.run(app, userId) > 0;
  }

  count(): number {
    return this.#count.get()?.n ?? 0;
  }

  forget(): void {
    this.#cache.clear();
  }
}
