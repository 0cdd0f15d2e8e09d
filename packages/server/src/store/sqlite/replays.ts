import type { DatabaseSync } from 'node:sqlite';
import { type Statement, statement } from './statement.ts';

export interface ReplayRow {
  readonly id: number;
  readonly endpoint_id: number;
  readonly stream_id: number;
  readonly next_seq: number;
  readonly through_seq: number;
  readonly forced: number;
}

/** What a job over many streams looks for in each of them. Times in unix ms. */
export interface ReplaySpec {
  readonly fromSeq?: number;
  readonly since?: number;
  readonly until?: number;
}

/**
 * `start` holds its endpoint back until it is done, so that the past goes before the present; `delete` ends the lanes of an endpoint
 * that is gone.
 */
export type JobKind = 'start' | 'replay' | 'delete';

export interface Job {
  readonly id: number;
  readonly kind: JobKind;
  readonly endpoint_id: number;
  readonly spec: string;
  readonly position: number;
  readonly last_stream: number;
  readonly streams_done: number;
  readonly created_at: number;
  readonly finished_at: number | null;
}

/** Ranges to send again, and the jobs that make them for many streams. */
export class Replays {
  readonly #insert;
  readonly #next: Statement<ReplayRow>;
  readonly #move;
  readonly #remove;
  readonly #removeOf;
  readonly #rangesOf: Statement<ReplayRow>;
  readonly #lowest: Statement<{ next_seq: number | null }>;
  readonly #count: Statement<{ n: number; highest: number }>;
  readonly #insertJob;
  readonly #openJob: Statement<Job>;
  readonly #moveJob;
  readonly #jobs: Statement<Job>;
  readonly #endJobs;
  readonly #streams: Statement<{ id: number; head: number }>;
  readonly #lastStream: Statement<{ id: number | null }>;
  /** Rows in `replay`: mostly none, and then no lane asks. */
  #open = 0;
  /**
   * Highest id given out. SQLite would give the id of a row that has gone to the next one, and a checkpoint that is offered again after
   * its answer was lost would move a replay that nobody has worked on. Of an earlier process none is taken.
   */
  #lastId = 0;

  constructor(db: DatabaseSync) {
    this.#insert = statement(db, 'INSERT INTO replay VALUES (?, ?, ?, ?, ?, ?)');
    this.#next = statement(
      db,
      'SELECT * FROM replay WHERE endpoint_id = ? AND stream_id = ? ORDER BY id LIMIT 1',
    );
    this.#move = statement(db, 'UPDATE replay SET next_seq = ? WHERE id = ?');
    this.#remove = statement(db, 'DELETE FROM replay WHERE id = ?');
    this.#removeOf = statement(db, 'DELETE FROM replay WHERE endpoint_id = ? AND stream_id = ?');
    this.#rangesOf = statement(
      db,
      'SELECT * FROM replay WHERE endpoint_id = ? AND stream_id = ? ORDER BY id',
    );
    this.#lowest = statement(db, 'SELECT min(next_seq) AS next_seq FROM replay WHERE stream_id = ?');
    this.#count = statement(db, 'SELECT count(*) AS n, coalesce(max(id), 0) AS highest FROM replay');
    this.#insertJob = statement(db, 'INSERT INTO job VALUES (NULL, ?, ?, ?, 0, ?, 0, ?, NULL)');
    this.#openJob = statement(db, 'SELECT * FROM job WHERE finished_at IS NULL ORDER BY id LIMIT 1');
    this.#moveJob = statement(
      db,
      'UPDATE job SET position = ?, streams_done = streams_done + ?, finished_at = ? WHERE id = ?',
    );
    this.#jobs = statement(db, 'SELECT * FROM job ORDER BY id DESC LIMIT 100');
    this.#endJobs = statement(
      db,
      "UPDATE job SET finished_at = ? WHERE endpoint_id = ? AND kind <> 'start' AND finished_at IS NULL",
    );
    this.#streams = statement(
      db,
      'SELECT id, head FROM stream WHERE app = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?',
    );
    this.#lastStream = statement(db, 'SELECT max(id) AS id FROM stream WHERE app = ?');
    this.recount();
  }

  /** After a rollback and at the start. */
  recount(): void {
    const { n, highest } = this.#count.get() ?? { n: 0, highest: 0 };
    this.#open = n;
    this.#lastId = Math.max(this.#lastId, highest);
  }

  add(endpointId: number, streamId: number, fromSeq: number, throughSeq: number, forced: boolean): void {
    this.#lastId += 1;
    this.#insert.run(this.#lastId, endpointId, streamId, fromSeq, throughSeq, forced ? 1 : 0);
    this.#open += 1;
  }

  /** The replay that this lane works on. */
  next(endpointId: number, streamId: number): ReplayRow | undefined {
    return this.#open === 0 ? undefined : this.#next.get(endpointId, streamId);
  }

  /** Everything up to `seq` is settled. */
  settle(replay: ReplayRow, seq: number): void {
    if (seq >= replay.through_seq) {
      this.#remove.run(replay.id);
      this.#open -= 1;
    } else if (seq >= replay.next_seq) {
      this.#move.run(seq + 1, replay.id);
    }
  }

  /** What this lane was to send again; a dead letter is a range of one. */
  rangesOf(endpointId: number, streamId: number): ReplayRow[] {
    return this.#open === 0 ? [] : this.#rangesOf.all(endpointId, streamId);
  }

  removeOf(endpointId: number, streamId: number): void {
    if (this.#open > 0) this.#open -= this.#removeOf.run(endpointId, streamId);
  }

  /** The lowest log sequence that a replay of this stream still needs. */
  lowestNext(streamId: number): number | undefined {
    return this.#open === 0 ? undefined : (this.#lowest.get(streamId)?.next_seq ?? undefined);
  }

  /** A job over all streams that the app has now. */
  startJob(app: number, endpointId: number, kind: JobKind, spec: ReplaySpec, now: number): number {
    const last = this.#lastStream.get(app)?.id ?? 0;
    return this.#insertJob.insert(kind, endpointId, JSON.stringify(spec), last, now);
  }

  /** All but its start, which goes on, so that the job that accounts for a deleted endpoint finds what it was to be sent. */
  endJobs(endpointId: number, now: number): void {
    this.#endJobs.run(now, endpointId);
  }

  openJob(): Job | undefined {
    return this.#openJob.get();
  }

  moveJob(id: number, position: number, streams: number, finishedAt: number | null): void {
    this.#moveJob.run(position, streams, finishedAt, id);
  }

  jobs(): Job[] {
    return this.#jobs.all();
  }

  streams(app: number, after: number, last: number, limit: number): { id: number; head: number }[] {
    return this.#streams.all(app, after, last, limit);
  }
}
