import type { ApplyJoinOption, Group, InviteJoinOption, KeyValue } from '../../domain/group.ts';
import { seesHistoryBefore, storedType } from '../../domain/group-types.ts';
import type { GroupIdentity, GroupState } from '../sqlite/groups.ts';
import type { Row } from './statement.ts';
import { readRate, type StreamRow } from './streams.ts';

export const GROUP_COLUMNS = `g.*, s.head, s.last_time, s.trim_at, s.next_msg_seq, s.last_msg_time, s.active,
  s.version, s.lanes, s.rate`;
/** A group with its stream, and when its memory began. */
export interface KnownGroup extends GroupState {
  version: number;
  lanes: number;
  /** Of what is remembered of members and mutes, */
  roster: number;
  /** of its chains, */
  log: number;
  /** and of rows of its lanes: numbers that are never used again, so that a new one forgets all that was kept under the old one. */
  rows: number;
}

let epochs = 0;

export function newEpoch(): number {
  epochs += 1;
  return epochs;
}

/** What of it a stream's row tells. */
export function hotOf(row: StreamRow, { group, rows, lanes }: KnownGroup): Partial<KnownGroup> {
  return {
    group: { ...group, nextMsgSeq: row.next_msg_seq, lastMsgTime: row.last_msg_time, active: row.active },
    head: row.head,
    lastTime: row.last_time,
    trimAt: row.trim_at,
    ...readRate(row.rate),
    lanes: row.lanes,
    log: newEpoch(),
    rows: row.lanes === lanes ? rows : newEpoch(),
  };
}

/** Of a row with GROUP_COLUMNS. */
export function knownOf(row: Row): KnownGroup {
  return {
    group: groupOf(row),
    head: row.head as number,
    lastTime: row.last_time as number,
    trimAt: row.trim_at as number | null,
    nextOrdinal: row.next_ordinal as number,
    dirty: false,
    ...readRate(row.rate as number),
    version: row.version as number,
    lanes: row.lanes as number,
    roster: newEpoch(),
    log: newEpoch(),
    rows: newEpoch(),
  };
}

export function groupOf(row: Row): Group {
  const type = storedType(row.type as string);
  return {
    streamId: row.stream_id as number,
    app: row.app as number,
    ...idsOf(row),
    type,
    name: row.name as string,
    introduction: row.introduction as string,
    notification: row.notification as string,
    faceUrl: row.face_url as string,
    owner: row.owner as string,
    createTime: row.create_time as number,
    infoSeq: row.info_seq as number,
    lastInfoTime: row.last_info_time as number,
    lastMsgTime: row.last_msg_time as number,
    nextMsgSeq: row.next_msg_seq as number,
    memberNum: row.member_num as number,
    maxMemberNum: row.max_member_num as number,
    applyJoinOption: row.apply_join_option as ApplyJoinOption,
    inviteJoinOption: row.invite_join_option as InviteJoinOption,
    muteAll: row.mute_all as boolean,
    supportTopic: row.support_topic as boolean,
    active: row.active as boolean,
    historyBeforeJoin: seesHistoryBefore(type, row.history_before_join as boolean | null),
    enablePermission: row.enable_permission as boolean,
    defaultPermission: row.default_permission as number,
    appDefinedData: JSON.parse(row.app_defined_data as string) as KeyValue[],
  };
}

export function identityOf(row: Row): GroupIdentity {
  return {
    streamId: row.stream_id as number,
    app: row.app as number,
    ...idsOf(row),
    type: storedType(row.type as string),
  };
}

function idsOf(row: Row): Pick<Group, 'groupId' | 'topicId'> {
  const id = row.group_id as string;
  return row.topic_of === null ? { groupId: id } : { groupId: row.topic_of as string, topicId: id };
}
