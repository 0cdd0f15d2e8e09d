import type { GroupType } from '@confab-im/protocol';
import { type Group, placeId } from '../../domain/group.ts';
import type { GroupState } from '../sqlite/groups.ts';
import { int8s, texts } from './arrays.ts';
import { call, statement } from './statement.ts';
import { hotColumns } from './streams.ts';
import { inOrder, type Write } from './writes.ts';

const NEW_STREAMS = statement(
  `INSERT INTO stream (id, app, kind, head, last_time, trim_at, next_msg_seq, last_msg_time, active, rate)
   SELECT x.id, x.app, 'group', x.head, x.last_time, x.last_time, x.next_msg_seq, x.last_msg_time, x.active = 1, x.rate
   FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int8[], $8::int8[])
     AS x (id, head, last_time, next_msg_seq, last_msg_time, active, rate, app)`,
);
const NEW_GROUPS = statement(
  `INSERT INTO chat_group (stream_id, app, group_id, type, name, introduction, notification, face_url, owner, create_time, info_seq,
     last_info_time, member_num, next_ordinal, max_member_num, apply_join_option, invite_join_option, mute_all, support_topic,
     app_defined_data, history_before_join, enable_permission, default_permission, topic_of)
   SELECT x.stream_id, x.app, x.group_id, x.type, x.name, x.introduction, x.notification, x.face_url,
     x.owner, x.create_time, x.info_seq, x.last_info_time, x.member_num, x.next_ordinal, x.max_member_num,
     x.apply_join_option, x.invite_join_option, x.mute_all = 1, x.support_topic = 1, x.app_defined_data,
     x.history_before_join = 1, x.enable_permission = 1, x.default_permission, x.topic_of
   FROM unnest($1::int8[], $2::int8[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
     $10::int8[], $11::int8[], $12::int8[], $13::int8[], $14::int8[], $15::int8[], $16::text[], $17::text[], $18::int8[],
     $19::int8[], $20::text[], $21::int8[], $22::int8[], $23::int8[], $24::text[])
     AS x (stream_id, app, group_id, type, name, introduction, notification, face_url, owner, create_time, info_seq,
       last_info_time, member_num, next_ordinal, max_member_num, apply_join_option, invite_join_option, mute_all,
       support_topic, app_defined_data, history_before_join, enable_permission, default_permission, topic_of)`,
);
const CHANGED_GROUPS = statement(
  `UPDATE chat_group g SET owner = x.owner, info_seq = x.info_seq, member_num = x.member_num, next_ordinal = x.next_ordinal
   FROM unnest($1::int8[], $2::text[], $3::int8[], $4::int8[], $5::int8[])
     AS x (stream_id, owner, info_seq, member_num, next_ordinal) WHERE g.stream_id = x.stream_id`,
);
const CHANGED_PROFILES = statement(
  `UPDATE chat_group g SET name = x.name, introduction = x.introduction, notification = x.notification, face_url = x.face_url,
     last_info_time = x.last_info_time, max_member_num = x.max_member_num, apply_join_option = x.apply_join_option,
     invite_join_option = x.invite_join_option, mute_all = x.mute_all = 1, app_defined_data = x.app_defined_data,
     history_before_join = x.history_before_join = 1, enable_permission = x.enable_permission = 1,
     default_permission = x.default_permission
   FROM unnest($1::int8[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int8[], $7::int8[], $8::text[], $9::text[],
     $10::int8[], $11::text[], $12::int8[], $13::int8[], $14::int8[])
     AS x (stream_id, name, introduction, notification, face_url, last_info_time, max_member_num, apply_join_option,
       invite_join_option, mute_all, app_defined_data, history_before_join, enable_permission, default_permission)
   WHERE g.stream_id = x.stream_id`,
);
const DESTROYED_GROUPS = statement(
  `UPDATE chat_group g SET destroyed_at = x.at FROM unnest($1::int8[], $2::int8[]) AS x (stream_id, at)
   WHERE g.stream_id = x.stream_id`,
);
const COUNTED_GROUPS = statement(
  `INSERT INTO group_count AS c SELECT * FROM unnest($1::int8[], $2::text[], $3::int8[])
   ON CONFLICT (app, type) DO UPDATE SET groups = c.groups + excluded.groups`,
);

export const INSERT_STREAM: Write<GroupState> = {
  table: 'stream',
  call: (states) => call(NEW_STREAMS, ...hotColumns(states), int8s(states.map(({ group }) => group.app))),
};

export const INSERT_GROUP: Write<GroupState> = {
  table: 'chat_group',
  rank: 3,
  call(unsorted) {
    const states = unsorted.toSorted(byId);
    const numbers = (of: (group: Group) => number) => int8s(states.map(({ group }) => of(group)));
    const words = (of: (group: Group) => string) => texts(states.map(({ group }) => of(group)));
    return call(
      NEW_GROUPS,
      numbers((group) => group.streamId),
      numbers((group) => group.app),
      words(placeId),
      words((group) => group.type),
      words((group) => group.name),
      words((group) => group.introduction),
      words((group) => group.notification),
      words((group) => group.faceUrl),
      words((group) => group.owner),
      numbers((group) => group.createTime),
      numbers((group) => group.infoSeq),
      numbers((group) => group.lastInfoTime),
      numbers((group) => group.memberNum),
      int8s(states.map(({ nextOrdinal }) => nextOrdinal)),
      numbers((group) => group.maxMemberNum),
      words((group) => group.applyJoinOption),
      words((group) => group.inviteJoinOption),
      numbers((group) => (group.muteAll ? 1 : 0)),
      numbers((group) => (group.supportTopic ? 1 : 0)),
      words((group) => JSON.stringify(group.appDefinedData)),
      numbers((group) => (group.historyBeforeJoin ? 1 : 0)),
      numbers((group) => (group.enablePermission ? 1 : 0)),
      numbers((group) => group.defaultPermission),
      texts(states.map(({ group }) => (group.topicId === undefined ? null : group.groupId))),
    );
  },
};

export const UPDATE_GROUP: Write<GroupState> = {
  table: 'chat_group',
  rank: 3,
  replaces: true,
  call: (states) =>
    call(
      CHANGED_GROUPS,
      int8s(states.map(({ group }) => group.streamId)),
      texts(states.map(({ group }) => group.owner)),
      int8s(states.map(({ group }) => group.infoSeq)),
      int8s(states.map(({ group }) => group.memberNum)),
      int8s(states.map(({ nextOrdinal }) => nextOrdinal)),
    ),
};

export const UPDATE_PROFILE: Write<GroupState> = {
  table: 'chat_group',
  rank: 3,
  replaces: true,
  call(states) {
    const numbers = (of: (group: Group) => number) => int8s(states.map(({ group }) => of(group)));
    const words = (of: (group: Group) => string) => texts(states.map(({ group }) => of(group)));
    return call(
      CHANGED_PROFILES,
      numbers((group) => group.streamId),
      words((group) => group.name),
      words((group) => group.introduction),
      words((group) => group.notification),
      words((group) => group.faceUrl),
      numbers((group) => group.lastInfoTime),
      numbers((group) => group.maxMemberNum),
      words((group) => group.applyJoinOption),
      words((group) => group.inviteJoinOption),
      numbers((group) => (group.muteAll ? 1 : 0)),
      words((group) => JSON.stringify(group.appDefinedData)),
      numbers((group) => (group.historyBeforeJoin ? 1 : 0)),
      numbers((group) => (group.enablePermission ? 1 : 0)),
      numbers((group) => group.defaultPermission),
    );
  },
};

export const DESTROY_GROUP: Write<{ readonly streamId: number; readonly now: number }> = {
  table: 'chat_group',
  rank: 3,
  call: (items) =>
    call(DESTROYED_GROUPS, int8s(items.map(({ streamId }) => streamId)), int8s(items.map(({ now }) => now))),
};

export const COUNT_GROUPS: Write<{ readonly app: number; readonly type: GroupType; readonly by: number }> = {
  table: 'group_count',
  rank: 4,
  call: (unsorted) => {
    const items = unsorted.toSorted((a, b) => a.app - b.app || inOrder(a.type, b.type));
    return call(
      COUNTED_GROUPS,
      int8s(items.map(({ app }) => app)),
      texts(items.map(({ type }) => type)),
      int8s(items.map(({ by }) => by)),
    );
  },
};

function byId({ group: a }: GroupState, { group: b }: GroupState): number {
  return a.app - b.app || inOrder(a.groupId, b.groupId);
}
