import type { Job, JobKind, ReplayRow, ReplaySpec } from '../sqlite/replays.ts';
import type { Common } from './common.ts';
import type { Counter } from './counters.ts';
import { type Questions, question } from './questions.ts';
import type { Memory } from './rows.ts';
import { call, type Row, rowAs, statement } from './statement.ts';
import type { Write, Writes } from './writes.ts';

const NEXT = question<[number, number, number], ReplayRow | null>(
  'SELECT * FROM replay WHERE endpoint_id = $1 AND stream_id = $2 AND id > $3 ORDER BY id LIMIT 1',
  null,
  ([row]) => (row === undefined ? null : replayOf(row)),
);
const RANGES = question<[number, number], readonly ReplayRow[]>(
  'SELECT * FROM replay WHERE endpoint_id = $1 AND stream_id = $2 ORDER BY id',
  [],
  (rows) => rows.map(replayOf),
);
const OPEN_JOBS = question<[], readonly Job[]>(
  'SELECT * FROM job WHERE finished_at IS NULL ORDER BY id LIMIT 2',
  [],
  (rows) => rows.map(rowAs<Job>),
);
const STREAMS = question<[number, number, number, number], readonly { id: number; head: number }[]>(
  'SELECT id, head FROM stream WHERE app = $1 AND id > $2 AND id <= $3 ORDER BY id LIMIT $4',
  [],
  (rows) => rows.map(rowAs<{ id: number; head: number }>),
);
const LAST_STREAM = question<[number], number>(
  'SELECT max(id) AS id FROM stream WHERE app = $1',
  0,
  ([row]) => Number(row?.id ?? 0),
);

const INSERT = statement('INSERT INTO replay VALUES ($1, $2, $3, $4, $5, $6)');
const MOVE = statement('UPDATE replay SET next_seq = $2 WHERE id = $1');
const REMOVE = statement('DELETE FROM replay WHERE id = $1');
const REMOVE_OF = statement('DELETE FROM replay WHERE endpoint_id = $1 AND stream_id = $2');
const INSERT_JOB = statement('INSERT INTO job VALUES ($1, $2, $3, $4, 0, $5, 0, $6, NULL)');
const END_JOBS = statement(
  "UPDATE job SET finished_at = $1 WHERE endpoint_id = $2 AND kind <> 'start' AND finished_at IS NULL",
);
const MOVE_JOB = statement(
  'UPDATE job SET position = $2, streams_done = streams_done + $3, finished_at = $4 WHERE id = $1',
);

/** Ranges to send again, and the jobs that make them for many streams. */
export class Replays implements Memory {
  readonly #questions: Questions;
  readonly #writes: Writes;
  readonly #common: Common;
  readonly #ids: Counter;
  readonly #jobIds: Counter;
  /** There may be rows in `replay`: mostly there are none, and then no lane asks. */
  #open = true;
  #added: ReplayRow[] = [];
  readonly #moved = new Map<number, number>();
  readonly #finished = new Set<number>();

  constructor(
    questions: Questions,
    writes: Writes,
    common: Common,
    counters: { readonly replays: Counter; readonly jobs: Counter },
  ) {
    this.#questions = questions;
    this.#writes = writes;
    this.#common = common;
    this.#ids = counters.replays;
    this.#jobIds = counters.jobs;
  }

  /** How many there are, after a start or a turn that `changed` them. */
  recounted(rows: number): void {
    this.#open = rows > 0;
  }

  /** This pass adds ranges or ends them. */
  get changed(): boolean {
    return this.#added.length > 0 || this.#moved.size > 0;
  }

  add(endpointId: number, streamId: number, fromSeq: number, throughSeq: number, forced: boolean): void {
    // From now on every process looks for replays.
    this.#common.changesConfig();
    const id = this.#ids.next();
    const row = {
      id,
      endpoint_id: endpointId,
      stream_id: streamId,
      next_seq: fromSeq,
      through_seq: throughSeq,
    };
    this.#added.push({ ...row, forced: forced ? 1 : 0 });
    this.#write(call(INSERT, id, endpointId, streamId, fromSeq, throughSeq, forced));
  }

  /** The replay that this lane works on. */
  next(endpointId: number, streamId: number): ReplayRow | undefined {
    let row = this.#open ? this.#questions.ask(NEXT, endpointId, streamId, 0) : null;
    while (row !== null && this.#isSettled(row))
      row = this.#questions.ask(NEXT, endpointId, streamId, row.id);
    const found = row ?? this.#ofPass(endpointId, streamId);
    return found && { ...found, next_seq: this.#moved.get(found.id) ?? found.next_seq };
  }

  /** Everything up to `seq` is settled. */
  settle(replay: ReplayRow, seq: number): void {
    if (seq < replay.next_seq && seq < replay.through_seq) return;
    this.#moved.set(replay.id, seq + 1);
    this.#write(seq >= replay.through_seq ? call(REMOVE, replay.id) : call(MOVE, replay.id, seq + 1));
  }

  /** What this lane was to send again; a dead letter is a range of one. */
  rangesOf(endpointId: number, streamId: number): ReplayRow[] {
    return this.#open ? [...this.#questions.ask(RANGES, endpointId, streamId)] : [];
  }

  removeOf(endpointId: number, streamId: number): void {
    if (this.#open) this.#write(call(REMOVE_OF, endpointId, streamId));
  }

  /** A job over all streams that the app has now. */
  startJob(app: number, endpointId: number, kind: JobKind, spec: ReplaySpec, now: number): number {
    this.#common.needsAll();
    const id = this.#jobIds.next();
    const last = this.#questions.ask(LAST_STREAM, app);
    this.#write(call(INSERT_JOB, id, kind, endpointId, JSON.stringify(spec), last, now));
    return id;
  }

  /** All but its start, which goes on: the job that accounts for a deleted endpoint has to find what it was to be sent. */
  endJobs(endpointId: number, now: number): void {
    this.#write(call(END_JOBS, now, endpointId));
  }

  openJob(): Job | undefined {
    return this.#questions.ask(OPEN_JOBS).find(({ id }) => !this.#finished.has(id));
  }

  moveJob(id: number, position: number, streams: number, finishedAt: number | null): void {
    this.#common.needsAll();
    if (finishedAt !== null) this.#finished.add(id);
    this.#write(call(MOVE_JOB, id, position, streams, finishedAt));
  }

  streams(app: number, after: number, last: number, limit: number): { id: number; head: number }[] {
    return [...this.#questions.ask(STREAMS, app, after, last, limit)];
  }

  discard(): void {
    this.#added = [];
    this.#moved.clear();
    this.#finished.clear();
  }

  keep(): void {
    if (this.#added.length > 0) this.#open = true;
    this.discard();
  }

  forget(): void {
    this.discard();
    this.#open = true;
  }

  #ofPass(endpointId: number, streamId: number): ReplayRow | undefined {
    return this.#added.find(
      (row) => row.endpoint_id === endpointId && row.stream_id === streamId && !this.#isSettled(row),
    );
  }

  #isSettled(row: ReplayRow): boolean {
    return (this.#moved.get(row.id) ?? row.next_seq) > row.through_seq;
  }

  /** These are few, and their order matters. */
  #write(one: ReturnType<typeof call>): void {
    const write: Write<null> = { table: 'replay and job', call: () => one };
    this.#writes.put(write, 'one after the other', null);
  }
}

function replayOf(row: Row): ReplayRow {
  return { ...rowAs<ReplayRow>(row), forced: row.forced === true ? 1 : 0 };
}
