import type { DeadLetterReason, LaneKey, RetryState } from '../../../src/store/lanes.ts';
import type { SimulatedDatabase } from '../database.ts';
import type { MessagePlace } from './log-watch.ts';
import type { ReplayRange } from './replay-watch.ts';

/** A lane as its last checkpoint left it. */
export interface RecordedLane {
  readonly cursor: number;
  readonly acked: readonly number[];
  readonly entombed: readonly number[];
}

const CAUGHT_UP: RecordedLane = { cursor: Number.MAX_SAFE_INTEGER, acked: [], entombed: [] };

/** What the model looks up in the tables themselves, past the code that is under test. */
export class Tables {
  readonly #database: SimulatedDatabase;

  constructor(database: SimulatedDatabase) {
    this.#database = database;
  }

  replays(): ReplayRange[] {
    const rows = this.#database.look('SELECT * FROM replay ORDER BY id').all();
    return rows.map((row) => ({
      id: Number(row.id),
      endpointId: Number(row.endpoint_id),
      streamId: Number(row.stream_id),
      nextSeq: Number(row.next_seq),
      throughSeq: Number(row.through_seq),
      forced: row.forced === 1,
    }));
  }

  /** The events that a replay that was just made has to send. */
  replayable({ id, streamId, forced }: ReplayRange): number[] {
    const sql = `SELECT l.log_seq AS seq FROM replay r JOIN log l
        ON l.stream_id = r.stream_id AND l.log_seq BETWEEN r.next_seq AND r.through_seq
      WHERE r.id = ? AND l.kind = 'group.message.sent' AND (? = 1 OR l.audience > 0
        OR l.payload IS NOT NULL AND l.payload NOT LIKE '%forbidAfterWebhook%'
        OR EXISTS (SELECT 1 FROM message m WHERE m.stream_id = ? AND m.log_seq = l.log_seq
          AND l.payload IS NULL AND (m.extra IS NULL OR m.extra NOT LIKE '%forbidAfterWebhook%')))
      ORDER BY l.log_seq`;
    const rows = this.#database.look(sql).all(id, forced ? 1 : 0, streamId);
    return rows.map(({ seq }) => Number(seq));
  }

  /** What the store knows to be settled in the lane, and to be owed a tombstone. */
  laneOf({ endpointId, streamId }: LaneKey): RecordedLane {
    const sql = 'SELECT cursor, acked, retries FROM lane WHERE endpoint_id = ? AND stream_id = ?';
    const row = this.#database.look(sql).get(endpointId, streamId);
    if (row === undefined) return CAUGHT_UP;
    const retries = JSON.parse(String(row.retries ?? '[]')) as RetryState[];
    return {
      cursor: Number(row.cursor),
      acked: JSON.parse(String(row.acked ?? '[]')) as number[],
      entombed: retries.filter(({ tombstone }) => tombstone !== undefined).map(({ seq }) => seq),
    };
  }

  /** Where the lanes of an endpoint stand that are behind. */
  lanesOf(endpointId: number): { readonly streamId: number; readonly cursor: number }[] {
    const rows = this.#database
      .look('SELECT stream_id, cursor FROM lane WHERE endpoint_id = ?')
      .all(endpointId);
    return rows.map((row) => ({ streamId: Number(row.stream_id), cursor: Number(row.cursor) }));
  }

  hasEvent(streamId: number, seq: number): boolean {
    const sql = 'SELECT 1 FROM log WHERE stream_id = ? AND log_seq = ?';
    return this.#database.look(sql).get(streamId, seq) !== undefined;
  }

  hasOpenJob(): boolean {
    return this.#database.look('SELECT 1 FROM job WHERE finished_at IS NULL').get() !== undefined;
  }

  isStarting(endpointId: number): boolean {
    const sql = "SELECT 1 FROM job WHERE kind = 'start' AND endpoint_id = ? AND finished_at IS NULL";
    return this.#database.look(sql).get(endpointId) !== undefined;
  }

  /** Every message in history. */
  messages(): MessagePlace[] {
    const look = this.#database.look('SELECT stream_id, msg_seq, random FROM message');
    look.setReturnArrays(true);
    return look.all().map((row) => ({
      streamId: Number(row[0]),
      msgSeq: Number(row[1]),
      random: Number(row[2]),
    }));
  }

  hasDeadLetter({ endpointId, streamId }: LaneKey, seq: number, reason?: DeadLetterReason): boolean {
    const sql =
      'SELECT 1 FROM dead_letter WHERE endpoint_id = ?1 AND stream_id = ?2 AND log_seq = ?3 AND (?4 IS NULL OR reason = ?4)';
    return this.#database.look(sql).get(endpointId, streamId, seq, reason ?? null) !== undefined;
  }

  /** Open dead letters whose events have gone, so that they could not be replayed. */
  unpinnedDeadLetters(): (LaneKey & { readonly seq: number })[] {
    const sql = `SELECT endpoint_id, stream_id, log_seq FROM dead_letter d WHERE replayed_at IS NULL AND NOT EXISTS
      (SELECT 1 FROM log l WHERE l.stream_id = d.stream_id AND l.log_seq = d.log_seq)`;
    const rows = this.#database.look(sql).all();
    return rows.map((row) => ({
      endpointId: Number(row.endpoint_id),
      streamId: Number(row.stream_id),
      seq: Number(row.log_seq),
    }));
  }

  /** Nothing waits in any lane, and no job is open. */
  isQuiet(): boolean {
    const sql = `SELECT NOT EXISTS (SELECT 1 FROM lane) AND NOT EXISTS (SELECT 1 FROM job WHERE finished_at IS NULL) AS quiet`;
    return this.#database.look(sql).get()?.quiet === 1;
  }
}
