import type { DatabaseSync } from 'node:sqlite';
import { MARK_RESTORED, NEXT_STREAM, type Restored, type RestoreNote } from '../restored.ts';
import { statement } from './statement.ts';

/** Marks the state as restored, in one transaction. */
export function markRestored(db: DatabaseSync, { now, skipMsgSeqs }: RestoreNote): Restored {
  db.exec('BEGIN IMMEDIATE');
  const restored = statement<Restored>(
    db,
    `SELECT (SELECT count(*) FROM chat_group WHERE destroyed_at IS NULL) AS "groups",
       (SELECT count(*) FROM lane) AS "lanesBehind", (SELECT coalesce(max(last_time), 0) FROM stream) AS "lastEventAt"`,
  ).get();
  for (const text of MARK_RESTORED) db.exec(text);
  db.exec(`INSERT INTO stream (id, app, kind) SELECT ${NEXT_STREAM}, 0, 'restored' FROM stream`);
  db.prepare('UPDATE chat_group SET next_msg_seq = next_msg_seq + ?').run(skipMsgSeqs);
  db.prepare(
    `INSERT INTO audit (at, actor, role, action, target, detail) VALUES (?, 'confab restore', 'owner', 'restore', 'store', ?)`,
  ).run(now, JSON.stringify({ ...restored, skipMsgSeqs }));
  db.exec('COMMIT');
  return { ...(restored ?? { groups: 0, lanesBehind: 0, lastEventAt: 0 }) };
}
