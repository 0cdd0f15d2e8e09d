import type { Rules } from '../../domain/rules.ts';
import type { Sealer } from '../sqlite/sealer.ts';
import type { Tables } from '../sqlite/tables.ts';
import { Accounts } from './accounts.ts';
import { Broadcasts } from './broadcasts.ts';
import { Chains } from './chains.ts';
import { Common } from './common.ts';
import { Counter } from './counters.ts';
import { Endpoints, LOAD_ENDPOINTS } from './endpoints.ts';
import { Extensions } from './extensions.ts';
import { GroupValues } from './group-values.ts';
import { Groups } from './groups.ts';
import { Guards } from './guards.ts';
import { Lanes } from './lanes.ts';
import { LeaseGuard } from './lease-guard.ts';
import { Log } from './log.ts';
import { Members } from './members.ts';
import { Messages } from './messages.ts';
import { Outcomes } from './outcomes.ts';
import { Questions } from './questions.ts';
import { ReadMarks } from './read-marks.ts';
import { Receipts } from './receipts.ts';
import { PostgresRecentSends } from './recent-sends.ts';
import { Replays } from './replays.ts';
import type { Memory } from './rows.ts';
import { type Call, call, type Row, statement } from './statement.ts';
import { Writes } from './writes.ts';

const COUNT_REPLAYS = statement('SELECT count(*) AS n FROM (SELECT 1 FROM replay LIMIT 1) AS r');

/** The tables as the shared decisions see them: memory, questions for what it lacks, and writes for what changes. */
export interface PostgresTables extends Tables {
  readonly leases: LeaseGuard;
  readonly groups: Groups;
  readonly lanes: Lanes;
  readonly endpoints: Endpoints;
  readonly replays: Replays;
  readonly questions: Questions;
  readonly writes: Writes;
  /** What must hold when the batch is written: put while it is decided. */
  readonly guards: Guards;
  readonly common: Common;
  readonly recentSends: PostgresRecentSends;
  readonly accounts: Accounts;
  readonly memories: readonly Memory[];
}

export function openTables(rules: Rules, sealer: Sealer): PostgresTables {
  const questions = new Questions();
  const writes = new Writes();
  const guards = new Guards();
  const counters = {
    streams: new Counter(questions, 'stream_ids'),
    accounts: new Counter(questions, 'account_numbers'),
    endpoints: new Counter(questions, 'endpoint_ids'),
    audiences: new Counter(questions, 'audience_ids'),
    replays: new Counter(questions, 'replay_ids'),
    jobs: new Counter(questions, 'job_ids'),
  };
  const common = new Common();
  const accounts = new Accounts(questions, writes, common, counters.accounts);
  const groups = new Groups(questions, writes, common, counters.streams);
  const members = new Members(questions, writes, common, groups);
  const values = new GroupValues(questions, writes, groups);
  const log = new Log(questions, writes);
  const recentSends = new PostgresRecentSends(questions, rules.dedupWindowMs);
  const endpoints = new Endpoints(questions, writes, common, sealer, counters);
  const lanes = new Lanes(questions, writes, groups);
  const chains = new Chains(questions, writes, groups);
  const replays = new Replays(questions, writes, common, counters);
  const outcomes = new Outcomes(questions, writes);
  const leases = new LeaseGuard(questions, guards);
  const remembering = {
    accounts,
    groups,
    members,
    values,
    log,
    recentSends,
    endpoints,
    lanes,
    leases,
    chains,
    replays,
  };
  const memories = [common, ...Object.values(remembering), ...Object.values(counters)];
  const messages = new Messages(questions, writes);
  const receipts = new Receipts(questions, writes);
  const extensions = new Extensions(questions, writes);
  const readMarks = new ReadMarks(writes);
  const broadcasts = new Broadcasts(questions, writes, common);
  return {
    rules,
    ...remembering,
    messages,
    receipts,
    extensions,
    readMarks,
    broadcasts,
    outcomes,
    hints: [],
    questions,
    writes,
    guards,
    common,
    memories,
  };
}

/** What has to be known before anything is decided. */
export const LOAD_COMMON: readonly Call[] = [call(COUNT_REPLAYS), ...LOAD_ENDPOINTS];

/** Takes in the rows of LOAD_COMMON; nothing that was remembered before counts any more. */
export function loaded(tables: PostgresTables, rows: readonly Row[][]): void {
  discard(tables);
  tables.questions.clear();
  for (const memory of tables.memories) memory.forget();
  recounted(tables, rows);
}

/** Takes in the rows of LOAD_COMMON. */
export function recounted(tables: PostgresTables, [replays = [], ...endpoints]: readonly Row[][]): void {
  tables.replays.recounted(Number(replays[0]?.n ?? 0));
  tables.endpoints.loaded(endpoints);
}

/** The pass is void: as if nothing had been decided. */
export function discard(tables: PostgresTables): void {
  tables.hints.length = 0;
  tables.writes.clear();
  tables.guards.clear();
  for (const memory of tables.memories) memory.discard();
}

/** The pass is durable. */
export function keep(tables: PostgresTables): void {
  tables.writes.clear();
  tables.guards.clear();
  const advances = [...tables.groups.advances()];
  for (const memory of tables.memories) memory.keep();
  for (const { streamId, from, to } of advances) tables.recentSends.advance(streamId, from, to);
}
