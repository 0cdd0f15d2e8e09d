import type { Inbox } from './inbox.ts';

/** Rows read at a time: no statement stays open between them, so recording goes on and a slow reader costs no memory. */
const PAGE = 500;

/**
 * Every recorded message as a line of JSON, in the order of recording, each line with its end. `body` is the webhook's body as
 * it came, on one line; times are ISO 8601 in UTC.
 */
export function* exportJsonLines(inbox: Inbox): Generator<string, void, undefined> {
  const page = inbox.db.prepare('SELECT * FROM message WHERE id > ? ORDER BY id LIMIT ?');
  for (let after = 0; ; ) {
    const rows = page.all(after, PAGE);
    for (const row of rows) {
      after = Number(row.id);
      yield line(row);
    }
    if (rows.length < PAGE) return;
  }
}

function line(row: { readonly [column: string]: unknown }): string {
  const head = JSON.stringify({
    id: row.id,
    recordedAt: new Date(Number(row.recorded_at)).toISOString(),
    key: row.key,
    app: row.app,
    dialect: row.dialect,
    groupId: row.group_id,
    ...(row.topic_id !== '' && { topicId: row.topic_id }),
    sender: row.sender,
    msgSeq: row.msg_seq,
    ...(row.delivery_id !== null && { deliveryId: row.delivery_id }),
    duplicates: row.copies,
  });
  // Between the tokens of JSON a line end is white space, and inside a string there can be none.
  const body = String(row.body)
    .replace(/[\r\n]+/g, ' ')
    .trim();
  return `${head.slice(0, -1)},"body":${body}}\n`;
}
