import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** A range of `MsgSeq`, both ends included. */
export interface SeqRange {
  readonly first: number;
  readonly last: number;
}

/** Where numbers are counted: a group, or a topic in it (then `topicId` is not empty). */
export interface SeqStream {
  readonly app: number;
  readonly groupId: string;
  readonly topicId: string;
}

/**
 * A range of `MsgSeq` between recorded messages that nothing was recorded for. It is unexplained, not proof of loss: a stored
 * tip takes a number without a webhook, and so does a message whose webhook was suppressed. What lies before the first
 * recorded message is no hole, since the recorder may have begun in the middle. A group that takes over the id of a destroyed
 * one counts from 1 again, into the same ranges.
 */
export interface Hole extends SeqStream, SeqRange {
  readonly missing: number;
}

/** What one number does to the ranges of its stream. */
export interface Merge {
  /** First numbers of the ranges that go. */
  readonly remove: readonly number[];
  /** The range that comes in their place; absent when the number was there already. */
  readonly put?: SeqRange;
  /** A hole that this number has just left behind. */
  readonly opened?: SeqRange;
  /** The number came late and lay in a hole. */
  readonly late: boolean;
}

/**
 * Adds a number to ranges that neither touch nor overlap. `below` is the range that begins at or under `seq`, `above` the next
 * one. The ranges come out the same whatever the order of the numbers.
 */
export function mergeSeq(seq: number, below: SeqRange | undefined, above: SeqRange | undefined): Merge {
  if (below && seq <= below.last) return { remove: [], late: false };
  const joinsBelow = below?.last === seq - 1;
  const joinsAbove = above?.first === seq + 1;
  const put = { first: joinsBelow ? below.first : seq, last: joinsAbove ? above.last : seq };
  const remove = [...(joinsBelow ? [below.first] : []), ...(joinsAbove ? [above.first] : [])];
  const opened = below && !joinsBelow && !above ? { first: below.last + 1, last: seq - 1 } : undefined;
  return { remove, put, ...(opened && { opened }), late: below !== undefined && above !== undefined };
}

/** Writes numbers into the ranges; call it inside a transaction. */
export function seqWriter(db: DatabaseSync): (stream: SeqStream, seq: number) => Merge {
  const stream = 'app = ? AND group_id = ? AND topic_id = ?';
  const below = db.prepare(
    `SELECT first, last FROM run WHERE ${stream} AND first <= ? ORDER BY first DESC LIMIT 1`,
  );
  const above = db.prepare(
    `SELECT first, last FROM run WHERE ${stream} AND first > ? ORDER BY first LIMIT 1`,
  );
  const remove = db.prepare(`DELETE FROM run WHERE ${stream} AND first = ?`);
  const put = db.prepare('INSERT INTO run (app, group_id, topic_id, first, last) VALUES (?, ?, ?, ?, ?)');
  return ({ app, groupId, topicId }, seq) => {
    const find = (statement: StatementSync) => rangeOf(statement.get(app, groupId, topicId, seq));
    const merge = mergeSeq(seq, find(below), find(above));
    for (const first of merge.remove) remove.run(app, groupId, topicId, first);
    if (merge.put) put.run(app, groupId, topicId, merge.put.first, merge.put.last);
    return merge;
  };
}

function rangeOf(row: ReturnType<StatementSync['get']>): SeqRange | undefined {
  return row && { first: Number(row.first), last: Number(row.last) };
}

const HOLES = `
  SELECT app, group_id, topic_id, last + 1 AS first, next - 1 AS last, next - last - 1 AS missing FROM (
    SELECT app, group_id, topic_id, last,
      lead(first) OVER (PARTITION BY app, group_id, topic_id ORDER BY first) AS next
    FROM run
  ) WHERE next IS NOT NULL`;

export interface Holes {
  /** How many holes there are, and how many numbers they miss together. */
  readonly count: number;
  readonly missing: number;
  /** The first of them by app, group, topic and number. */
  readonly list: readonly Hole[];
}

export function collectHoles(db: DatabaseSync, limit: number): Holes {
  const sums = db.prepare(`SELECT count(*) AS n, total(missing) AS missing FROM (${HOLES})`).get();
  const rows = db.prepare(`${HOLES} ORDER BY app, group_id, topic_id, first LIMIT ?`).all(limit);
  return {
    count: Number(sums?.n),
    missing: Number(sums?.missing),
    list: rows.map((row) => ({
      app: Number(row.app),
      groupId: String(row.group_id),
      topicId: String(row.topic_id),
      first: Number(row.first),
      last: Number(row.last),
      missing: Number(row.missing),
    })),
  };
}
