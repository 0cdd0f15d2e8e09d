import { databaseName } from '../../base/database-url.ts';
import { StoreError } from '../errors.ts';
import { MARK_RESTORED, NEXT_STREAM, type Restored, type RestoreNote } from '../restored.ts';
import { RESTART_COUNTERS } from './counters.ts';
import { postgresErrorOf } from './failure.ts';
import { type Address, Link } from './link.ts';
import { checkServer, checkVersion, meta } from './open.ts';
import { RESTORED } from './rolled-back.ts';
import { call, rowAs, statement } from './statement.ts';

/** Groups by the million take their time. */
const SILENT_MS = 600_000;
const LOCK_WAIT_MS = 2_000;

const SEEN = call(
  statement(
    `SELECT (SELECT count(*) FROM chat_group WHERE destroyed_at IS NULL) AS "groups",
       (SELECT count(*) FROM lane) AS "lanesBehind", (SELECT coalesce(max(last_time), 0) FROM stream) AS "lastEventAt"`,
  ),
);
const MARK = MARK_RESTORED.map((text) => call(statement(text)));
const STREAM = call(
  statement(
    `INSERT INTO stream (id, app, kind, head, last_time, next_msg_seq, last_msg_time, active)
     SELECT ${NEXT_STREAM}, 0, 'restored', 0, 0, 1, 0, true FROM stream`,
  ),
);
const SKIP = statement(
  'UPDATE stream SET next_msg_seq = next_msg_seq + $1 WHERE id IN (SELECT stream_id FROM chat_group)',
);
const AUDIT = statement(
  `INSERT INTO audit (at, actor, role, action, target, detail) VALUES ($1, 'confab restore', 'owner', 'restore', 'store', $2)`,
);

/** For a database that was put back by PostgreSQL's own means. Throws StoreError. */
export async function restoreDatabase(
  address: Address,
  { now, skipMsgSeqs }: RestoreNote,
): Promise<Restored> {
  let link: Link | undefined;
  try {
    link = await Link.open({ silentMs: SILENT_MS, ...address });
    await checkServer(link);
    await link.lock(true, LOCK_WAIT_MS);
    const settings = await meta(link);
    if (!settings.has('install_id'))
      throw new StoreError('not-a-database', 'the database holds nothing of Confab');
    checkVersion(settings);
    const [[row] = []] = await link.run([SEEN]);
    const restored = rowAs<Restored>(row);
    const detail = JSON.stringify({ ...restored, skipMsgSeqs });
    await link.transact([
      ...MARK,
      STREAM,
      ...RESTART_COUNTERS,
      call(SKIP, skipMsgSeqs),
      RESTORED,
      call(AUDIT, now, detail),
    ]);
    return restored;
  } catch (error) {
    const { code, message } = postgresErrorOf(error);
    throw new StoreError(code, `${databaseName(address.url)}: ${message}`, { cause: error });
  } finally {
    link?.close();
  }
}
