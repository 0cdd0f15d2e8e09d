import {
  AccountCheckRequest,
  AccountDeleteRequest,
  AccountImportRequest,
  AddGroupMemberRequest,
  BanGroupMemberRequest,
  ChangeGroupOwnerRequest,
  ClearGroupAttrRequest,
  CreateGroupRequest,
  CreateTopicRequest,
  DeleteGroupAttrRequest,
  DeleteGroupCounterRequest,
  DeleteGroupMemberRequest,
  DestroyGroupRequest,
  DestroyTopicRequest,
  ForbidSendMsgRequest,
  GetAppidGroupListRequest,
  GetGroupAttrRequest,
  GetGroupBanMemberRequest,
  GetGroupCounterRequest,
  GetGroupInfoRequest,
  GetGroupMemberInfoRequest,
  GetGroupMutedAccountRequest,
  GetJoinedGroupListRequest,
  GetLiveMembersRequest,
  GetOnlineMemberNumRequest,
  GetRoleInGroupRequest,
  GetTopicRequest,
  ImportGroupMemberRequest,
  ImportGroupRequest,
  ImportTopicRequest,
  MarkLiveMembersRequest,
  ModifyGroupBaseInfoRequest,
  ModifyGroupMemberInfoRequest,
  ModifyTopicRequest,
  MultiaccountImportRequest,
  SetGroupAttrRequest,
  UnbanGroupMemberRequest,
  UpdateGroupCounterRequest,
} from '@confab-im/protocol';
import { accountCheck } from './account/account-check.ts';
import { accountDelete } from './account/account-delete.ts';
import { accountImport } from './account/account-import.ts';
import { multiaccountImport } from './account/multiaccount-import.ts';
import { type RestCommand, type RestService, restCommand } from './command.ts';
import { createTopic, destroyTopic, getTopic, importTopic, modifyTopic } from './community/topics.ts';
import { addGroupMember } from './group/add-group-member.ts';
import { banGroupMember } from './group/ban-group-member.ts';
import { changeGroupOwner } from './group/change-group-owner.ts';
import { createGroup } from './group/create-group.ts';
import { deleteGroupMember } from './group/delete-group-member.ts';
import { destroyGroup } from './group/destroy-group.ts';
import { forbidSendMsg } from './group/forbid-send-msg.ts';
import { getAppidGroupList } from './group/get-appid-group-list.ts';
import { getGroupBanMember } from './group/get-group-ban-member.ts';
import { getGroupInfo } from './group/get-group-info.ts';
import { getGroupMemberInfo } from './group/get-group-member-info.ts';
import { getGroupMutedAccount } from './group/get-group-muted-account.ts';
import { getJoinedGroupList } from './group/get-joined-group-list.ts';
import { getRoleInGroup } from './group/get-role-in-group.ts';
import {
  clearGroupAttr,
  deleteGroupAttr,
  getGroupAttr,
  modifyGroupAttr,
  setGroupAttr,
} from './group/group-attributes.ts';
import { deleteGroupCounter, getGroupCounter, updateGroupCounter } from './group/group-counters.ts';
import { importGroup } from './group/import-group.ts';
import { importGroupMember } from './group/import-group-member.ts';
import { modifyGroupBaseInfo } from './group/modify-group-base-info.ts';
import { modifyGroupMemberInfo } from './group/modify-group-member-info.ts';
import { unbanGroupMember } from './group/unban-group-member.ts';
import { getLiveMembers, getOnlineMemberNum, markLiveMembers } from './live/live-members.ts';
import { messageCommands } from './message-commands.ts';
import { standingCommands } from './standing-commands.ts';

const ACCOUNT: RestService = {
  name: 'im_open_login_svc',
  badJson: 'ACCOUNT_PARAMETERS',
  badField: 'ACCOUNT_PARAMETERS',
  fieldFaults: [
    { field: 'Nick', when: 'text', error: 'PROFILE_VALUE_TOO_LONG' },
    { field: 'FaceUrl', when: 'text', error: 'PROFILE_VALUE_TOO_LONG' },
  ],
};

const GROUP: RestService = {
  name: 'group_open_http_svc',
  badJson: 'GROUP_JSON_INVALID',
  badField: 'INVALID_PARAMETERS',
  fieldFaults: [
    { field: 'GroupId', when: 'text', error: 'INVALID_GROUP_ID' },
    { field: 'MemberList', when: 'list', error: 'TOO_MANY_ACCOUNTS' },
    { field: 'Members_Account', when: 'list', error: 'TOO_MANY_ACCOUNTS' },
    { field: 'GroupAtInfo', when: 'list', error: 'TOO_MANY_MENTIONS' },
    { field: 'OfflinePushInfo', when: 'any', error: 'OFFLINE_PUSH_INFO_INVALID' },
  ],
};

/** Where what is special to communities has its place (tencent-rest-group C1.23 to C1.26). */
const COMMUNITY: RestService = {
  ...GROUP,
  name: 'million_group_open_http_svc',
  fieldFaults: [...GROUP.fieldFaults, { field: 'TopicId', when: 'text', error: 'INVALID_GROUP_ID' }],
};

/** Who is online in an AVChatRoom (tencent-rest-group C1.21, C1.22). */
const AVCHATROOM: RestService = { ...GROUP, name: 'group_open_avchatroom_http_svc' };

/** A service of its own for one read (tencent-rest-group C1.18). */
const GROUP_ATTRIBUTES: RestService = { ...GROUP, name: 'group_open_attr_http_svc' };

/** Every command of the REST API: one more is one file and one row. */
export const COMMANDS: readonly RestCommand[] = [
  restCommand(ACCOUNT, 'account_import', AccountImportRequest, accountImport),
  restCommand(ACCOUNT, 'multiaccount_import', MultiaccountImportRequest, multiaccountImport),
  restCommand(ACCOUNT, 'account_check', AccountCheckRequest, accountCheck),
  restCommand(ACCOUNT, 'account_delete', AccountDeleteRequest, accountDelete),
  restCommand(GROUP, 'create_group', CreateGroupRequest, createGroup),
  restCommand(GROUP, 'destroy_group', DestroyGroupRequest, destroyGroup),
  restCommand(GROUP, 'import_group', ImportGroupRequest, importGroup),
  restCommand(GROUP, 'modify_group_base_info', ModifyGroupBaseInfoRequest, modifyGroupBaseInfo),
  restCommand(GROUP, 'change_group_owner', ChangeGroupOwnerRequest, changeGroupOwner),
  restCommand(GROUP, 'get_group_info', GetGroupInfoRequest, getGroupInfo),
  restCommand(GROUP, 'get_appid_group_list', GetAppidGroupListRequest, getAppidGroupList),
  restCommand(GROUP, 'get_joined_group_list', GetJoinedGroupListRequest, getJoinedGroupList),
  restCommand(GROUP, 'add_group_member', AddGroupMemberRequest, addGroupMember),
  restCommand(GROUP, 'import_group_member', ImportGroupMemberRequest, importGroupMember),
  restCommand(GROUP, 'delete_group_member', DeleteGroupMemberRequest, deleteGroupMember),
  restCommand(GROUP, 'get_group_member_info', GetGroupMemberInfoRequest, getGroupMemberInfo),
  restCommand(GROUP, 'modify_group_member_info', ModifyGroupMemberInfoRequest, modifyGroupMemberInfo),
  restCommand(GROUP, 'get_role_in_group', GetRoleInGroupRequest, getRoleInGroup),
  restCommand(GROUP, 'forbid_send_msg', ForbidSendMsgRequest, forbidSendMsg),
  restCommand(GROUP, 'get_online_member_num', GetOnlineMemberNumRequest, getOnlineMemberNum),
  restCommand(AVCHATROOM, 'get_members', GetLiveMembersRequest, getLiveMembers),
  restCommand(AVCHATROOM, 'modify_user_info', MarkLiveMembersRequest, markLiveMembers),
  restCommand(COMMUNITY, 'create_topic', CreateTopicRequest, createTopic),
  restCommand(COMMUNITY, 'destroy_topic', DestroyTopicRequest, destroyTopic),
  restCommand(COMMUNITY, 'get_topic', GetTopicRequest, getTopic),
  restCommand(COMMUNITY, 'modify_topic', ModifyTopicRequest, modifyTopic),
  restCommand(GROUP, 'import_topic', ImportTopicRequest, importTopic),
  restCommand(GROUP_ATTRIBUTES, 'get_group_attr', GetGroupAttrRequest, getGroupAttr),
  restCommand(GROUP, 'get_group_attr', GetGroupAttrRequest, getGroupAttr),
  restCommand(GROUP, 'set_group_attr', SetGroupAttrRequest, setGroupAttr),
  restCommand(GROUP, 'modify_group_attr', SetGroupAttrRequest, modifyGroupAttr),
  restCommand(GROUP, 'delete_group_attr', DeleteGroupAttrRequest, deleteGroupAttr),
  restCommand(GROUP, 'clear_group_attr', ClearGroupAttrRequest, clearGroupAttr),
  restCommand(GROUP, 'get_group_counter', GetGroupCounterRequest, getGroupCounter),
  restCommand(GROUP, 'update_group_counter', UpdateGroupCounterRequest, updateGroupCounter, {
    exactIntegers: true,
  }),
  restCommand(GROUP, 'delete_group_counter', DeleteGroupCounterRequest, deleteGroupCounter),
  restCommand(GROUP, 'get_group_muted_account', GetGroupMutedAccountRequest, getGroupMutedAccount),
  restCommand(GROUP, 'get_group_shutted_uin', GetGroupMutedAccountRequest, getGroupMutedAccount),
  restCommand(GROUP, 'ban_group_member', BanGroupMemberRequest, banGroupMember),
  restCommand(GROUP, 'unban_group_member', UnbanGroupMemberRequest, unbanGroupMember),
  restCommand(GROUP, 'get_group_ban_member', GetGroupBanMemberRequest, getGroupBanMember),
  ...messageCommands(GROUP),
  ...standingCommands(ACCOUNT),
];
