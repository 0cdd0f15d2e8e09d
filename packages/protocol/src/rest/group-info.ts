import Type from 'typebox';
import { names, optional } from './fields.ts';

/** Fields of a group by which `GroupBaseInfoFilter` asks, old spelling included. Source: tencent-rest-group C1.0. */
export interface GroupBaseInfo {
  readonly GroupId: string;
  readonly Type: string;
  readonly Name: string;
  readonly Introduction: string;
  readonly Notification: string;
  readonly FaceUrl: string;
  /** Empty when the group has no owner. */
  readonly Owner_Account: string;
  /** Unix seconds, like every time here. */
  readonly CreateTime: number;
  readonly InfoSeq: number;
  readonly LastInfoTime: number;
  /** 0 before the first message. */
  readonly LastMsgTime: number;
  readonly NextMsgSeq: number;
  readonly MemberNum: number;
  readonly MaxMemberNum: number;
  readonly ApplyJoinOption: string;
  readonly InviteJoinOption: string;
  readonly MuteAllMember: 'On' | 'Off';
  /** Old name of `MuteAllMember`. */
  readonly ShutUpAllMember: 'On' | 'Off';
  readonly HistoryMsgBeforeJoin: 'On' | 'Off';
  readonly SupportTopic: 0 | 1;
  /** Of a Community with topics. */
  readonly EnablePermission: 0 | 1;
  readonly DefaultPermission: number;
  readonly Appid: number;
}

export interface CustomField {
  readonly Key: string;
  readonly Value: string;
}

/** Fields of a member by which `MemberInfoFilter` and `SelfInfoFilter` ask. Source: tencent-rest-group C1.0. */
export interface MemberInfo {
  readonly Member_Account: string;
  readonly Role: string;
  readonly JoinTime: number;
  /** Highest `MsgSeq` that the member has read. */
  readonly MsgSeq: number;
  readonly MsgFlag: string;
  readonly LastSendMsgTime: number;
  readonly NameCard: string;
  /** Unix seconds of the end of the mute; 0 = not muted. */
  readonly MuteUntil: number;
  /** Old name of `MuteUntil`. */
  readonly ShutUpUntil: number;
  readonly AppMemberDefinedData: readonly CustomField[];
}

export const ResponseFilter = Type.Object({
  GroupBaseInfoFilter: optional(names('Fields of the group')),
  MemberInfoFilter: optional(names('Fields of its members; Account stands for Member_Account')),
  AppDefinedDataFilter_Group: optional(names('Keys of custom fields of the group')),
  AppDefinedDataFilter_GroupMember: optional(names('Keys of custom fields of members')),
});
export type ResponseFilter = Type.Static<typeof ResponseFilter>;
