import type { DatabaseSync } from 'node:sqlite';
import type { Rules } from '../../domain/rules.ts';
import { Accounts } from './accounts.ts';
import { Broadcasts } from './broadcasts.ts';
import { Chains } from './chains.ts';
import { Endpoints } from './endpoints.ts';
import { Extensions } from './extensions.ts';
import { GroupValues } from './group-values.ts';
import { Groups } from './groups.ts';
import type { CoreHint } from './hints.ts';
import { Lanes } from './lanes.ts';
import { Log } from './log.ts';
import { Members } from './members.ts';
import { Messages } from './messages.ts';
import { Outcomes } from './outcomes.ts';
import { ReadMarks } from './read-marks.ts';
import { Receipts } from './receipts.ts';
import { RecentSends } from './recent-sends.ts';
import { Replays } from './replays.ts';
import type { Sealer } from './sealer.ts';

/** Whether a lease is still the one that a checkpoint was made under. */
export interface LeaseLookup {
  holds(partition: number, generation: number): boolean;
}

/**
 * Everything a command works on, within one transaction. What is named here is all that `apply/`, the reader of lanes and `explain`
 * ask of it, so that another store can stand behind the same decisions (docs/decisions/0017).
 */
export interface Tables {
  readonly rules: Rules;
  /** Absent where lanes are not leased. */
  readonly leases?: LeaseLookup;
  readonly accounts: Pick<Accounts, 'get' | 'import' | 'setStanding' | 'delete'>;
  readonly groups: Pick<
    Groups,
    | 'get'
    | 'topic'
    | 'isTaken'
    | 'topicIds'
    | 'identity'
    | 'headOf'
    | 'create'
    | 'touch'
    | 'touchProfile'
    | 'destroy'
    | 'count'
  >;
  readonly members: Pick<
    Members,
    | 'standing'
    | 'isMember'
    | 'profile'
    | 'add'
    | 'update'
    | 'remove'
    | 'sent'
    | 'mute'
    | 'ban'
    | 'groupsOf'
    | 'streamsOf'
    | 'ids'
    | 'purge'
  >;
  readonly values: Pick<GroupValues, 'get' | 'put' | 'purge'>;
  readonly log: Pick<
    Log,
    | 'append'
    | 'insertMessage'
    | 'range'
    | 'audiences'
    | 'latest'
    | 'send'
    | 'get'
    | 'fromMsgSeq'
    | 'toMsgSeq'
    | 'fromTime'
  >;
  readonly messages: Pick<Messages, 'get' | 'normalOf' | 'rewrite'>;
  readonly receipts: Pick<Receipts, 'get' | 'bits' | 'ordinalOf' | 'members' | 'open' | 'read'>;
  readonly extensions: Pick<Extensions, 'state' | 'pairs' | 'write'>;
  readonly readMarks: Pick<ReadMarks, 'set' | 'setAll' | 'setInTopic' | 'removeOfTopics'>;
  readonly broadcasts: Pick<Broadcasts, 'last' | 'put'>;
  readonly recentSends: Pick<RecentSends, 'find' | 'add'>;
  readonly endpoints: Pick<
    Endpoints,
    | 'load'
    | 'get'
    | 'known'
    | 'byName'
    | 'ofApp'
    | 'deletedOf'
    | 'matching'
    | 'audienceOf'
    | 'audienceHas'
    | 'insert'
    | 'update'
    | 'setPaused'
    | 'delete'
  >;
  readonly lanes: Pick<
    Lanes,
    'fallBehind' | 'hasten' | 'get' | 'save' | 'catchUp' | 'remove' | 'page' | 'countBehind'
  >;
  readonly chains: Pick<Chains, 'extend'>;
  readonly replays: Pick<
    Replays,
    | 'add'
    | 'next'
    | 'settle'
    | 'rangesOf'
    | 'removeOf'
    | 'startJob'
    | 'endJobs'
    | 'openJob'
    | 'moveJob'
    | 'streams'
  >;
  readonly outcomes: Pick<
    Outcomes,
    | 'failed'
    | 'delivered'
    | 'deadLetter'
    | 'deadLetterRest'
    | 'getDeadLetter'
    | 'openDeadLetters'
    | 'lastDeadLetter'
    | 'closeDeadLetter'
  >;
  /** Lanes that have work once this transaction is durable. */
  readonly hints: Omit<CoreHint, 'command'>[];
}

/** The same over SQLite, with what only its core and its queries need. */
export interface SqliteTables extends Tables {
  readonly accounts: Accounts;
  readonly groups: Groups;
  readonly members: Members;
  readonly values: GroupValues;
  readonly log: Log;
  readonly messages: Messages;
  readonly receipts: Receipts;
  readonly extensions: Extensions;
  readonly readMarks: ReadMarks;
  readonly broadcasts: Broadcasts;
  readonly recentSends: RecentSends;
  readonly endpoints: Endpoints;
  readonly lanes: Lanes;
  readonly chains: Chains;
  readonly replays: Replays;
  readonly outcomes: Outcomes;
}

export function openTables(
  db: DatabaseSync,
  rules: Rules,
  sealer: Sealer,
  leases?: LeaseLookup,
): SqliteTables {
  const log = new Log(db);
  return {
    rules,
    ...(leases !== undefined && { leases }),
    accounts: new Accounts(db),
    groups: new Groups(db),
    members: new Members(db),
    values: new GroupValues(db),
    log,
    messages: new Messages(db),
    receipts: new Receipts(db),
    extensions: new Extensions(db),
    readMarks: new ReadMarks(db),
    broadcasts: new Broadcasts(db),
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
export function forgetAll(tables: SqliteTables): void {
  tables.hints.length = 0;
  tables.accounts.forget();
  tables.groups.forget();
  tables.members.forget();
  tables.lanes.forget();
  tables.recentSends.forget();
  tables.endpoints.load();
  tables.replays.recount();
}
