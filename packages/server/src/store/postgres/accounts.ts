import type { AccountStanding } from '../../domain/account.ts';
import type { NewAccount } from '../commands.ts';
import type { Account } from '../sqlite/accounts.ts';
import { int8s, texts } from './arrays.ts';
import type { Common } from './common.ts';
import type { Counter } from './counters.ts';
import { type Questions, question } from './questions.ts';
import { type Memory, Rows } from './rows.ts';
import { call, rowAs, statement } from './statement.ts';
import { inOrder, type Write, type Writes } from './writes.ts';

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

/** Refuses as `account` when another process has made one of them meanwhile: its fields are not to be overwritten. */
const INSERT = statement(
  `WITH made AS (INSERT INTO account (number, app, user_id, nick, face_url, created_at)
     SELECT * FROM unnest($1::int8[], $2::int8[], $3::text[], $4::text[], $5::text[], $6::int8[])
     ON CONFLICT (app, user_id) DO NOTHING RETURNING 1)
   SELECT CASE WHEN count(*) = array_length($1::int8[], 1) THEN 0 ELSE refuse('account') END FROM made`,
);
const UPDATE = statement(
  `UPDATE account a SET nick = x.nick, face_url = x.face_url
   FROM unnest($1::int8[], $2::text[], $3::text[]) AS x (number, nick, face_url) WHERE a.number = x.number`,
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

const CREATE: Write<Item> = {
  table: 'account',
  rank: 0,
  replaces: true,
  call: (unsorted) => {
    const items = unsorted.toSorted((a, b) => a.app - b.app || inOrder(a.userId, b.userId));
    return call(
      INSERT,
      int8s(items.map(({ number }) => number)),
      int8s(items.map(({ app }) => app)),
      texts(items.map(({ userId }) => userId)),
      texts(items.map(({ nick }) => nick)),
      texts(items.map(({ face_url }) => face_url)),
      int8s(items.map(({ at }) => at)),
    );
  },
};
const CHANGE: Write<Account> = {
  table: 'account',
  rank: 0,
  replaces: true,
  call: (items) =>
    call(
      UPDATE,
      int8s(items.map(({ number }) => number)),
      texts(items.map(({ nick }) => nick)),
      texts(items.map(({ face_url }) => face_url)),
    ),
};
const SET_STANDING: Write<Standing> = {
  table: 'account',
  rank: 0,
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
  rank: 0,
  call: (items) => call(REMOVE, int8s(items.map(({ app }) => app)), texts(items.map(({ userId }) => userId))),
};

/** The account table. Every send looks its sender up, so lately used accounts stay in memory. */
export class Accounts implements Memory {
  readonly #questions: Questions;
  readonly #writes: Writes;
  readonly #common: Common;
  readonly #numbers: Counter;
  readonly #rows = new Rows<Account>(CACHED);
  /** Made in this pass. */
  readonly #made = new Map<string, Item>();

  constructor(questions: Questions, writes: Writes, common: Common, numbers: Counter) {
    this.#questions = questions;
    this.#writes = writes;
    this.#common = common;
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
      const after = { nick: nick ?? before?.nick ?? '', face_url: faceUrl ?? before?.face_url ?? '' };
      if (before === undefined)
        this.#make(app, userId, { number: this.#numbers.next(), ...after, group_mute_until: 0 }, now);
      else if (before.nick !== after.nick || before.face_url !== after.face_url)
        this.#change(app, userId, { ...before, ...after });
    }
  }

  /** Changes the times that are given. */
  setStanding(app: number, userId: string, standing: Partial<AccountStanding>): void {
    const account = this.get(app, userId);
    if (account === undefined) return;
    if (!this.#made.has(keyOf(app, userId))) this.#common.changesAccounts();
    const group_mute_until = standing.groupMuteUntil ?? account.group_mute_until;
    this.#rows.set(keyOf(app, userId), { ...account, group_mute_until });
    this.#writes.put(SET_STANDING, keyOf(app, userId), { app, userId, standing });
  }

  /** False when there was no such account. */
  delete(app: number, userId: string): boolean {
    const existed = this.get(app, userId) !== undefined;
    this.#rows.set(keyOf(app, userId), null);
    if (existed) {
      this.#common.changesAccounts();
      this.#writes.put(DELETE, keyOf(app, userId), { app, userId });
    }
    return existed;
  }

  discard(): void {
    this.#rows.discard();
    this.#made.clear();
  }

  keep(): void {
    this.#rows.keep();
    this.#made.clear();
  }

  forget(): void {
    this.#rows.forget();
    this.#made.clear();
  }

  #make(app: number, userId: string, account: Account, now: number): void {
    const key = keyOf(app, userId);
    const item = { ...account, app, userId, at: now };
    this.#rows.set(key, account);
    this.#made.set(key, item);
    this.#writes.put(CREATE, key, item);
  }

  /** Of one that others may remember. */
  #change(app: number, userId: string, account: Account): void {
    const key = keyOf(app, userId);
    this.#rows.set(key, account);
    const made = this.#made.get(key);
    if (made !== undefined) {
      this.#make(app, userId, account, made.at);
      return;
    }
    this.#common.changesAccounts();
    this.#writes.put(CHANGE, key, account);
  }
}

function keyOf(app: number, userId: string): string {
  return `${app}/${userId}`;
}
