import Type from 'typebox';
import { boundedText, customFields, groupId, MSG_FLAGS, optional, uint32, userId } from './fields.ts';

const seconds = 'Muted for so many seconds from now; 0 ends the mute, 4294967295 is for ever';

/** `group_open_http_svc/modify_group_member_info`: absent fields stay as they are. Source: tencent-rest-group C1.11, tencent-rest A.8. */
export const ModifyGroupMemberInfoRequest = Type.Object({
  GroupId: groupId(),
  Member_Account: userId('The member'),
  Role: optional(Type.Enum(['Admin', 'Member'], { description: 'The role of the owner cannot be changed' })),
  MsgFlag: optional(
    Type.Enum(MSG_FLAGS, {
      description: 'How the member is told of messages',
    }),
  ),
  NameCard: optional(boundedText(50, 'Name in this group')),
  AppMemberDefinedData: optional(customFields(64, 'Sets these custom fields; an empty value takes one away')),
  MuteTime: optional(uint32(seconds)),
  ShutUpTime: optional(uint32('Old name of MuteTime')),
  ShutUpUntil: optional(uint32('Seconds, as MuteTime: so one SDK sends it')),
});
export type ModifyGroupMemberInfoRequest = Type.Static<typeof ModifyGroupMemberInfoRequest>;
