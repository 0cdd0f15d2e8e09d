import type { AccountStanding } from '../../domain/account.ts';
import type { NewAccount } from '../commands.ts';
import type { Account } from '../sqlite/accounts.ts';
import { int8s, texts } from './arrays.ts';
import type { Counter } from './counters.ts';
import { type Questions, question } from './questions.ts';
import { type Memory, Rows } from './rows.ts';
import { call, rowAs, statement } from './statement.ts';
import type { Write, Writes } from './writes.ts';

/** Accounts kept in memory between batches; about 200 bytes each. */
const CACHED = 20_000;

interface Item extends Account {
  readonly app: number;
  readonly userId: string;
  readonly at: number;
}

/** A change of the times that are given, of an account that exists. */
interface Standing {
  readonly app: number;
  readonly userId: string;
  readonly standing: Partial<AccountStanding>;
}

const ACCOUNT = question<[number, string], Account | null>(
  'SELECT number, nick, face_url, group_mute_until FROM account WHERE app = $1 AND user_id = $2',
  null,
  ([row]) => (row === undefined ? null : rowAs<Account>(row)),
);

const UPSERT = statement(
  `INSERT INTO account (number, app, user_id, nick, face_url, created_at)
   SELECT * FROM unnest($1::int8[], $2::int8[], $3::text[], $4::text[], $5::text[], $6::int8[])
   ON CONFLICT (app, user_id) DO UPDATE SET nick = excluded.nick, face_url = excluded.face_url`,
);
const STAND = statement(
  `UPDATE account a SET c2c_mute_until = coalesce(x.c2c, a.c2c_mute_until), group_mute_until = coalesce(x.grp, a.group_mute_until),
     sigs_from = coalesce(x.sigs, a.sigs_from)
   FROM unnest($1::int8[], $2::text[], $3::int8[], $4::int8[], $5::int8[]) AS x (app, user_id, c2c, grp, sigs)
   WHERE a.app = x.app AND a.user_id = x.user_id`,
);
const REMOVE = statement(
  `DELETE FROM account a USING unnest($1::int8[], $2::text[]) AS x (app, user_id)
   WHERE a.app = x.app AND a.user_id = x.user_id`,
);

const PUT: Write<Item> = {
  table: 'account',
  replaces: true,
  call: (items) =>
    call(
      UPSERT,
      int8s(items.map(({ number }) => number)),
      int8s(items.map(({ app }) => app)),
      texts(items.map(({ userId }) => userId)),
      texts(items.map(({ nick }) => nick)),
      texts(items.map(({ face_url }) => face_url)),
      int8s(items.map(({ at }) => at)),
    ),
};
const SET_STANDING: Write<Standing> = {
  table: 'account',
  call: (items) =>
    call(
      STAND,
      int8s(items.map(({ app }) => app)),
      texts(items.map(({ userId }) => userId)),
      int8s(items.map(({ standing }) => standing.c2cMuteUntil ?? null)),
      int8s(items.map(({ standing }) => standing.groupMuteUntil ?? null)),
      int8s(items.map(({ standing }) => standing.sigsFrom ?? null)),
    ),
};
const DELETE: Write<Pick<Item, 'app' | 'userId'>> = {
  table: 'account',
  call: (items) => call(REMOVE, int8s(items.map(({ app }) => app)), texts(items.map(({ userId }) => userId))),
};

/** The account table. Every send looks its sender up, so lately used accounts stay in memory. */
export class Accounts implements Memory {
  readonly #questions: Questions;
  readonly #writes: Writes;
  readonly #numbers: Counter;
  readonly #rows = new Rows<Account>(CACHED);

  constructor(questions: Questions, writes: Writes, numbers: Counter) {
    this.#questions = questions;
    this.#writes = writes;
    this.#numbers = numbers;
  }

  get(app: number, userId: string): Account | undefined {
    const key = keyOf(app, userId);
    const known = this.#rows.get(key);
    if (known !== undefined) return known ?? undefined;
    const account = this.#questions.ask(ACCOUNT, app, userId);
    if (!this.#questions.open && account !== null) this.#rows.learn(key, account);
    return account ?? undefined;
  }

  import(app: number, accounts: readonly NewAccount[], now: number): void {
    for (const { userId, nick, faceUrl } of accounts) {
      const before = this.get(app, userId);
      const account = {
        number: before?.number ?? this.#numbers.next(),
        nick: nick ?? before?.nick ?? '',
        face_url: faceUrl ?? before?.face_url ?? '',
        group_mute_until: before?.group_mute_until ?? 0,
      };
      this.#rows.set(keyOf(app, userId), account);
      this.#writes.put(PUT, keyOf(app, userId), { ...account, app, userId, at: now });
    }
  }

  /** Changes the times that are given. */
  setStanding(app: number, userId: string, standing: Partial<AccountStanding>): void {
    const account = this.get(app, userId);
    if (account === undefined) return;
    const group_mute_until = standing.groupMuteUntil ?? account.group_mute_until;
    this.#rows.set(keyOf(app, userId), { ...account, group_mute_until });
    this.#writes.put(SET_STANDING, keyOf(app, userId), { app, userId, standing });
  }

  /** False when there was no such account. */
  delete(app: number, userId: string): boolean {
    const existed = this.get(app, userId) !== undefined;
    this.#rows.set(keyOf(app, userId), null);
    if (existed) this.#writes.put(DELETE, keyOf(app, userId), { app, userId });
    return existed;
  }

  discard = () => this.#rows.discard();
  keep = () => this.#rows.keep();
  forget = () => this.#rows.forget();
}

function keyOf(app: number, userId: string): string {
  return `${app}/${userId}`;
}
