import Type from 'typebox';
import { boundedText, customFields, flag, groupId, onOff, optional, uint32, userId } from './fields.ts';

/** `group_open_http_svc/modify_group_base_info`: absent fields stay as they are. Source: tencent-rest-group C1.6. */
export const ModifyGroupBaseInfoRequest = Type.Object({
  GroupId: groupId(),
  Name: optional(boundedText(30, 'Name')),
  Introduction: optional(boundedText(240, 'Introduction')),
  Notification: optional(boundedText(300, 'Notice')),
  FaceUrl: optional(boundedText(100, 'URL of the avatar')),
  MaxMemberNum: optional(uint32('Most members; 0 or absent: as it is')),
  MaxMemberCount: optional(uint32('Other name of MaxMemberNum')),
  ApplyJoinOption: optional(Type.Enum(['FreeAccess', 'NeedPermission', 'DisableApply'])),
  InviteJoinOption: optional(Type.Enum(['FreeAccess', 'NeedPermission', 'DisableInvite'])),
  MuteAllMember: optional(onOff('On: only the owner, admins and app admins may send')),
  ShutUpAllMember: optional(onOff('Old name of MuteAllMember')),
  HistoryMsgBeforeJoin: optional(onOff('On: who joins sees what was sent before')),
  EnablePermission: optional(flag('Permission groups of a Community with topics')),
  DefaultPermission: optional(uint32('Bit mask of members who are in no permission group')),
  AppDefinedData: optional(customFields(512, 'Sets these custom fields; an empty value takes one away')),
  From_Account: optional(userId('Shown as the one who did it; absent: the calling admin')),
});
export type ModifyGroupBaseInfoRequest = Type.Static<typeof ModifyGroupBaseInfoRequest>;
