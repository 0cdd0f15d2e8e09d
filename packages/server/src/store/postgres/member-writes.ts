import type { MemberProfile, NewMember } from '../sqlite/members.ts';
import { floorOf } from '../sqlite/read-marks.ts';
import { int8s, texts } from './arrays.ts';
import { call, type Statement, statement } from './statement.ts';
import type { Write } from './writes.ts';

/** Where the users of a disbanded group or topic are. */
export const PURGED = ['member', 'mute', 'ban', 'topic_mark'] as const;

interface Place {
  readonly streamId: number;
  readonly userId: string;
}

interface Added extends NewMember, Place {
  readonly app: number;
}

interface Updated extends Partial<MemberProfile>, Place {}

const PLACES = 'unnest($1::int8[], $2::text[]) AS x (stream_id, user_id)';
const THERE = 't.stream_id = x.stream_id AND t.user_id = x.user_id';
const ADD_ROWS = statement(
  `INSERT INTO member SELECT x.stream_id, x.user_id, x.app, x.ordinal, x.role, x.join_time, x.read_seq, 'AcceptAndNotify', 0, '', x.data,
     ${floorOf('x.stream_id')}
   FROM unnest($1::int8[], $2::text[], $3::int8[], $4::int8[], $5::text[], $6::int8[], $7::int8[], $8::text[])
     AS x (stream_id, user_id, app, ordinal, role, join_time, read_seq, data)`,
);
const UPDATE_ROWS = statement(
  `UPDATE member t SET role = coalesce(x.role, t.role), msg_flag = coalesce(x.msg_flag, t.msg_flag),
     name_card = coalesce(x.name_card, t.name_card), app_defined_data = coalesce(x.data, t.app_defined_data)
   FROM unnest($1::int8[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
     AS x (stream_id, user_id, role, msg_flag, name_card, data) WHERE ${THERE}`,
);
const REMOVE_ROWS = statement(`DELETE FROM member t USING ${PLACES} WHERE ${THERE}`);
const SENT_ROWS = statement(
  `UPDATE member t SET last_send_time = x.at
   FROM unnest($1::int8[], $2::text[], $3::int8[]) AS x (stream_id, user_id, at) WHERE ${THERE}`,
);
const MUTE_ROWS = statement(
  `INSERT INTO mute SELECT * FROM unnest($1::int8[], $2::text[], $3::int8[])
   ON CONFLICT (stream_id, user_id) DO UPDATE SET until = excluded.until`,
);
const UNMUTE_ROWS = statement(`DELETE FROM mute t USING ${PLACES} WHERE ${THERE}`);
const BAN_ROWS = statement(
  `INSERT INTO ban SELECT * FROM unnest($1::int8[], $2::text[], $3::int8[], $4::text[])
   ON CONFLICT (stream_id, user_id) DO UPDATE SET until = excluded.until, description = excluded.description`,
);
const UNBAN_ROWS = statement(`DELETE FROM ban t USING ${PLACES} WHERE ${THERE}`);
const PURGE_ROWS = (table: string): Statement =>
  statement(
    `DELETE FROM ${table} WHERE (stream_id, user_id) IN (SELECT stream_id, user_id FROM ${table} WHERE stream_id = $1 LIMIT $2)`,
  );
export const PURGES = PURGED.map((table) => ({ table, rows: PURGE_ROWS(table) }));

export const ADD_MEMBER: Write<Added> = {
  table: 'member',
  call: (items) =>
    call(
      ADD_ROWS,
      ...placesOf(items),
      int8s(items.map(({ app }) => app)),
      int8s(items.map(({ ordinal }) => ordinal)),
      texts(items.map(({ role }) => role)),
      int8s(items.map(({ joinTime }) => joinTime)),
      int8s(items.map(({ readSeq }) => readSeq)),
      texts(items.map(({ data }) => JSON.stringify(data))),
    ),
};
export const UPDATE_MEMBER: Write<Updated> = {
  table: 'member',
  call: (items) =>
    call(
      UPDATE_ROWS,
      ...placesOf(items),
      texts(items.map(({ role }) => role ?? null)),
      texts(items.map(({ msgFlag }) => msgFlag ?? null)),
      texts(items.map(({ nameCard }) => nameCard ?? null)),
      texts(items.map(({ data }) => (data === undefined ? null : JSON.stringify(data)))),
    ),
};
export const REMOVE_MEMBER: Write<Place> = {
  table: 'member',
  call: (items) => call(REMOVE_ROWS, ...placesOf(items)),
};
export const SENT_MEMBER: Write<Place & { readonly at: number }> = {
  table: 'member',
  replaces: true,
  call: (items) => call(SENT_ROWS, ...placesOf(items), int8s(items.map(({ at }) => at))),
};
export const MUTE_MEMBER: Write<Place & { readonly until: number }> = {
  table: 'mute',
  replaces: true,
  call: (items) => call(MUTE_ROWS, ...placesOf(items), int8s(items.map(({ until }) => until))),
};
export const UNMUTE_MEMBER: Write<Place> = {
  table: 'mute',
  call: (items) => call(UNMUTE_ROWS, ...placesOf(items)),
};
export const BAN_MEMBER: Write<Place & { readonly until: number; readonly description: string }> = {
  table: 'ban',
  replaces: true,
  call: (items) =>
    call(
      BAN_ROWS,
      ...placesOf(items),
      int8s(items.map(({ until }) => until)),
      texts(items.map(({ description }) => description)),
    ),
};
export const UNBAN_MEMBER: Write<Place> = {
  table: 'ban',
  call: (items) => call(UNBAN_ROWS, ...placesOf(items)),
};

function placesOf(items: readonly Place[]): [Buffer, Buffer] {
  return [int8s(items.map(({ streamId }) => streamId)), texts(items.map(({ userId }) => userId))];
}
