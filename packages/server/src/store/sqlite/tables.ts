import type { DatabaseSync } from 'node:sqlite';
import type { Rules } from '../../domain/rules.ts';
import { Accounts } from './accounts.ts';
import { Chains } from './chains.ts';
import { Endpoints } from './endpoints.ts';
import { Groups } from './groups.ts';
import type { CoreHint } from './hints.ts';
import { Lanes } from './lanes.ts';
import { Log } from './log.ts';
import { Members } from './members.ts';
import { Outcomes } from './outcomes.ts';
import { RecentSends } from './recent-sends.ts';
import { Replays } from './replays.ts';
import type { Sealer } from './sealer.ts';

/** Everything a command works on, within one transaction. */
export interface Tables {
  readonly rules: Rules;
  readonly accounts: Accounts;
  readonly groups: Groups;
  readonly members: Members;
  readonly log: Log;
  readonly recentSends: RecentSends;
  readonly endpoints: Endpoints;
  readonly lanes: Lanes;
  readonly chains: Chains;
  readonly replays: Replays;
  readonly outcomes: Outcomes;
  /** Lanes that have work once this transaction is durable. */
  readonly hints: Omit<CoreHint, 'command'>[];
}

export function openTables(db: DatabaseSync, rules: Rules, sealer: Sealer): Tables {
  const log = new Log(db);
  return {
    rules,
    accounts: new Accounts(db),
    groups: new Groups(db),
    members: new Members(db),
    log,
    recentSends: new RecentSends(log),
    endpoints: new Endpoints(db, sealer),
    lanes: new Lanes(db),
    chains: new Chains(db),
    replays: new Replays(db),
    outcomes: new Outcomes(db),
    hints: [],
  };
}

/** The transaction was rolled back: what was remembered of the tables is void. */
export function forgetAll(tables: Tables): void {
  tables.hints.length = 0;
  tables.accounts.forget();
  tables.groups.forget();
  tables.members.forget();
  tables.lanes.forget();
  tables.recentSends.forget();
  tables.endpoints.load();
  tables.replays.recount();
}
