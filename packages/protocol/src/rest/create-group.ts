import Type from 'typebox';
import { type Answered, text } from './answer.ts';
import { boundedText, customFields, flag, groupId, groupType, optional, uint32, userId } from './fields.ts';

/** `group_open_http_svc/create_group`. Source: tencent-rest-group C1.1; fields of members beyond these are not honoured. */
export const CreateGroupRequest = Type.Object({
  GroupId: optional(groupId('Custom group id')),
  Type: groupType('Group type'),
  Name: boundedText(30, 'Name'),
  Owner_Account: optional(userId('Owner, an imported account')),
  Introduction: optional(boundedText(240, 'Introduction')),
  Notification: optional(boundedText(300, 'Notice')),
  FaceUrl: optional(boundedText(100, 'URL of the avatar')),
  MaxMemberCount: optional(uint32('Most members; 0 or absent: as many as the type may have')),
  MaxMemberNum: optional(uint32('Other name of MaxMemberCount')),
  ApplyJoinOption: optional(Type.Enum(['FreeAccess', 'NeedPermission', 'DisableApply'])),
  InviteJoinOption: optional(Type.Enum(['FreeAccess', 'NeedPermission', 'DisableInvite'])),
  AppDefinedData: optional(customFields(512, 'Custom fields of the group')),
  MemberList: optional(
    Type.Array(
      Type.Object({
        Member_Account: userId('Member, an imported account'),
        Role: optional(Type.Enum(['Admin', 'Member'])),
        AppMemberDefinedData: optional(customFields(64, 'Custom fields of the member')),
      }),
      { maxItems: 100, description: 'First members' },
    ),
  ),
  SupportTopic: optional(flag('A Community with topics')),
  EnablePermission: optional(flag('Permission groups of a Community with topics')),
  DefaultPermission: optional(uint32('Bit mask of members who are in no permission group')),
});
export type CreateGroupRequest = Type.Static<typeof CreateGroupRequest>;

export const CreateGroupResponse = Type.Object({
  GroupId: text('The new group'),
  Type: optional(Type.Enum(['Community'], { description: 'Of a Community only' })),
  HugeGroupFlag: optional(Type.Enum([0], { description: 'Of a Community only' })),
});
export type CreateGroupResponse = Answered<typeof CreateGroupResponse>;
