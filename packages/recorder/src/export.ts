import type { Inbox } from './inbox.ts';

/** Rows read at a time: no statement stays open between them, so recording goes on and a slow reader costs no memory. */
const PAGE = 500;

/**
 * Every recorded message as a line of JSON, in the order of recording, each line with its end. `body` is the webhook's body as
 * it came, on one line; times are ISO 8601 in UTC.
 */
export function* exportJsonLines(inbox: Inbox): Generator<string, void, undefined> {
  for (const row of rowsOf(inbox, 'message')) yield line(row, messageFields(row));
}

/** The same of what happened to groups besides: who came and went, what was changed and recalled. */
export function* exportEventLines(inbox: Inbox): Generator<string, void, undefined> {
  for (const row of rowsOf(inbox, 'event')) yield line(row, eventFields(row));
}

type Row = { readonly [column: string]: unknown };

function* rowsOf(inbox: Inbox, table: 'message' | 'event'): Generator<Row, void, undefined> {
  const page = inbox.db.prepare(`SELECT * FROM ${table} WHERE id > ? ORDER BY id LIMIT ?`);
  for (let after = 0; ; ) {
    const rows = page.all(after, PAGE);
    for (const row of rows) {
      after = Number(row.id);
      yield row;
    }
    if (rows.length < PAGE) return;
  }
}

function messageFields(row: Row): object {
  return {
    groupId: row.group_id,
    ...(row.topic_id !== '' && { topicId: row.topic_id }),
    sender: row.sender,
    msgSeq: row.msg_seq,
  };
}

function eventFields(row: Row): object {
  const time = row.event_time === null ? undefined : new Date(Number(row.event_time)).toISOString();
  return { kind: row.kind, groupId: row.group_id, ...(time !== undefined && { eventTime: time }) };
}

function line(row: Row, fields: object): string {
  const head = JSON.stringify({
    id: row.id,
    recordedAt: new Date(Number(row.recorded_at)).toISOString(),
    ...(row.key !== null && { key: row.key }),
    app: row.app,
    dialect: row.dialect,
    ...fields,
    ...(row.delivery_id !== null && { deliveryId: row.delivery_id }),
    duplicates: row.copies,
  });
  // Between the tokens of JSON a line end is white space, and inside a string there can be none.
  const body = String(row.body)
    .replace(/[\r\n]+/g, ' ')
    .trim();
  return `${head.slice(0, -1)},"body":${body}}\n`;
}
