import type { ApplyJoinOption, Group, InviteJoinOption, KeyValue } from '../../domain/group.ts';
import { seesHistoryBefore, storedType } from '../../domain/group-types.ts';

/** A group with its stream while it is being worked on. Changed in memory, written back once per batch. */
export interface GroupState {
  group: Group;
  /** Last log sequence of the stream. */
  head: number;
  /** Unix ms of the last event: time never goes back within a stream. */
  lastTime: number;
  trimAt: number | null;
  nextOrdinal: number;
  dirty: boolean;
  /** Messages sent in the running second, for the frequency cap. */
  rateSecond: number;
  rateCount: number;
}

/** A row with GROUP_COLUMNS. */
export interface GroupRow {
  stream_id: number;
  app: number;
  group_id: string;
  type: string;
  name: string;
  introduction: string;
  notification: string;
  face_url: string;
  owner: string;
  create_time: number;
  info_seq: number;
  last_info_time: number;
  last_msg_time: number;
  next_msg_seq: number;
  member_num: number;
  next_ordinal: number;
  max_member_num: number;
  apply_join_option: ApplyJoinOption;
  invite_join_option: InviteJoinOption;
  mute_all: number;
  support_topic: number;
  active: number;
  app_defined_data: string;
  history_before_join: number | null;
  enable_permission: number;
  default_permission: number;
  topic_of: string | null;
  head: number;
  last_time: number;
  trim_at: number | null;
}

/** Of `chat_group` as g and `stream` as s. */
export const GROUP_COLUMNS = `g.stream_id, g.app, g.group_id, g.type, g.name, g.introduction, g.notification, g.face_url, g.owner,
  g.create_time, g.info_seq, g.last_info_time, g.last_msg_time, g.next_msg_seq, g.member_num, g.next_ordinal,
  g.max_member_num, g.apply_join_option, g.invite_join_option, g.mute_all, g.support_topic, g.active,
  g.app_defined_data, g.history_before_join, g.enable_permission, g.default_permission, g.topic_of, s.head, s.last_time, s.trim_at`;

/** The columns that were added to the first ones, in their order. */
export function laterColumns(group: Omit<Group, 'streamId'>): [number, number, number] {
  return [group.historyBeforeJoin ? 1 : 0, group.enablePermission ? 1 : 0, group.defaultPermission];
}

export function idsOf({ group_id: id, topic_of: groupId }: GroupRow): Pick<Group, 'groupId' | 'topicId'> {
  return groupId === null ? { groupId: id } : { groupId, topicId: id };
}

export function stateOf(row: GroupRow): GroupState {
  const type = storedType(row.type);
  return {
    group: {
      streamId: row.stream_id,
      app: row.app,
      ...idsOf(row),
      type,
      name: row.name,
      introduction: row.introduction,
      notification: row.notification,
      faceUrl: row.face_url,
      owner: row.owner,
      createTime: row.create_time,
      infoSeq: row.info_seq,
      lastInfoTime: row.last_info_time,
      lastMsgTime: row.last_msg_time,
      nextMsgSeq: row.next_msg_seq,
      memberNum: row.member_num,
      maxMemberNum: row.max_member_num,
      applyJoinOption: row.apply_join_option,
      inviteJoinOption: row.invite_join_option,
      muteAll: row.mute_all === 1,
      supportTopic: row.support_topic === 1,
      active: row.active === 1,
      historyBeforeJoin: seesHistoryBefore(
        type,
        row.history_before_join === null ? null : row.history_before_join === 1,
      ),
      enablePermission: row.enable_permission === 1,
      defaultPermission: row.default_permission,
      appDefinedData: JSON.parse(row.app_defined_data) as KeyValue[],
    },
    head: row.head,
    lastTime: row.last_time,
    trimAt: row.trim_at,
    nextOrdinal: row.next_ordinal,
    dirty: false,
    rateSecond: 0,
    rateCount: 0,
  };
}
