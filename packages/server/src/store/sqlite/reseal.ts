import type { DatabaseSync } from 'node:sqlite';
import type { Sealer } from './sealer.ts';
import { statement } from './statement.ts';

interface Row {
  id: number;
  app: number;
  name: string;
  settings: string;
}

/**
 * Brings every endpoint's settings under the first key, whatever they were stored with, and empties those of deleted endpoints,
 * once no job has to know from them what was owed: after the start that follows a change of keys nothing in the file needs the old one, or can be read without the new one.
 * Throws StoreError when a text cannot be opened; nothing is changed then.
 */
export function resealAll(db: DatabaseSync, sealer: Sealer): void {
  const live = statement<Row>(
    db,
    'SELECT id, app, name, settings FROM endpoint WHERE deleted_at IS NULL',
  ).all();
  const stale = live.flatMap((row) => {
    const { text, current } = sealer.open(row.settings, row);
    return current ? [] : [{ id: row.id, settings: sealer.seal(text, row) }];
  });
  const gone = statement<{ id: number }>(
    db,
    `SELECT id FROM endpoint e WHERE deleted_at IS NOT NULL AND settings <> '{}'
       AND NOT EXISTS (SELECT 1 FROM job j WHERE j.endpoint_id = e.id AND j.finished_at IS NULL)`,
  ).all();
  if (stale.length === 0 && gone.length === 0) return;
  const update = db.prepare('UPDATE endpoint SET settings = ? WHERE id = ?');
  overwriting(db, () => {
    db.exec('BEGIN IMMEDIATE');
    try {
      for (const { id, settings } of stale) update.run(settings, id);
      for (const { id } of gone) update.run('{}', id);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  });
  // The pages as they were also stand in the write-ahead log.
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

/** Whatever `write` replaces or deletes is overwritten with zeros; otherwise SQLite leaves it in the free space of its pages. */
export function overwriting<T>(db: DatabaseSync, write: () => T): T {
  db.exec('PRAGMA secure_delete = ON');
  try {
    return write();
  } finally {
    db.exec('PRAGMA secure_delete = OFF');
  }
}
