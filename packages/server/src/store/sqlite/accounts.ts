import type { DatabaseSync } from 'node:sqlite';
import { BoundedMap } from '../../base/bounded-map.ts';
import type { AccountStanding } from '../../domain/account.ts';
import type { NewAccount } from '../commands.ts';
import { statement } from './statement.ts';

export interface Account {
  readonly number: number;
  readonly nick: string;
  readonly face_url: string;
  /** Unix seconds. */
  readonly group_mute_until: number;
}

/** Accounts kept in memory between batches, and ids that have none; about 200 bytes each. */
const CACHED = 20_000;

/** The account table. Every send looks its sender up, which need not have an account, so that lately used ids stay in memory. */
export class Accounts {
  readonly #cache = new BoundedMap<string, Account | null>(CACHED);
  readonly #select;
  readonly #upsert;
  readonly #setStanding;
  readonly #standing;
  readonly #delete;
  readonly #count;

  constructor(db: DatabaseSync) {
    this.#select = statement<Account>(
      db,
      'SELECT number, nick, face_url, group_mute_until FROM account WHERE app = ? AND user_id = ?',
    );
    this.#upsert = statement(
      db,
      `INSERT INTO account (app, user_id, nick, face_url, created_at) VALUES (?1, ?2, coalesce(?3, ''), coalesce(?4, ''), ?5)
       ON CONFLICT (app, user_id) DO UPDATE SET nick = coalesce(?3, nick), face_url = coalesce(?4, face_url)`,
    );
    this.#setStanding = statement(
      db,
      `UPDATE account SET c2c_mute_until = coalesce(?3, c2c_mute_until),
         group_mute_until = coalesce(?4, group_mute_until), sigs_from = coalesce(?5, sigs_from) WHERE app = ?1 AND user_id = ?2`,
    );
    this.#standing = statement<AccountStanding>(
      db,
      `SELECT c2c_mute_until AS c2cMuteUntil, group_mute_until AS groupMuteUntil, sigs_from AS sigsFrom
       FROM account WHERE app = ? AND user_id = ?`,
    );
    this.#delete = statement(db, 'DELETE FROM account WHERE app = ? AND user_id = ?');
    this.#count = statement<{ n: number }>(db, 'SELECT count(*) AS n FROM account');
  }

  get(app: number, userId: string): Account | undefined {
    const key = `${app}/${userId}`;
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached ?? undefined;
    const account = this.#select.get(app, userId);
    this.#cache.set(key, account ?? null);
    return account;
  }

  import(app: number, accounts: readonly NewAccount[], now: number): void {
    for (const { userId, nick, faceUrl } of accounts) {
      this.#upsert.run(app, userId, nick ?? null, faceUrl ?? null, now);
      this.#cache.delete(`${app}/${userId}`);
    }
  }

  /** Changes the times that are given. */
  setStanding(app: number, userId: string, standing: Partial<AccountStanding>): void {
    const { c2cMuteUntil = null, groupMuteUntil = null, sigsFrom = null } = standing;
    this.#setStanding.run(app, userId, c2cMuteUntil, groupMuteUntil, sigsFrom);
    this.#cache.delete(`${app}/${userId}`);
  }

  standing(app: number, userId: string): AccountStanding | undefined {
    const row = this.#standing.get(app, userId);
    return row === undefined ? undefined : { ...row };
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
