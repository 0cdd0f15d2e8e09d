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
  restCommand(ACCOUNT, 'account_import', accountImport),
  restCommand(ACCOUNT, 'multiaccount_import', multiaccountImport),
  restCommand(ACCOUNT, 'account_check', accountCheck),
  restCommand(ACCOUNT, 'account_delete', accountDelete),
  restCommand(GROUP, 'create_group', createGroup),
  restCommand(GROUP, 'destroy_group', destroyGroup),
  restCommand(GROUP, 'import_group', importGroup),
  restCommand(GROUP, 'modify_group_base_info', modifyGroupBaseInfo),
  restCommand(GROUP, 'change_group_owner', changeGroupOwner),
  restCommand(GROUP, 'get_group_info', getGroupInfo),
  restCommand(GROUP, 'get_appid_group_list', getAppidGroupList),
  restCommand(GROUP, 'get_joined_group_list', getJoinedGroupList),
  restCommand(GROUP, 'add_group_member', addGroupMember),
  restCommand(GROUP, 'import_group_member', importGroupMember),
  restCommand(GROUP, 'delete_group_member', deleteGroupMember),
  restCommand(GROUP, 'get_group_member_info', getGroupMemberInfo),
  restCommand(GROUP, 'modify_group_member_info', modifyGroupMemberInfo),
  restCommand(GROUP, 'get_role_in_group', getRoleInGroup),
  restCommand(GROUP, 'forbid_send_msg', forbidSendMsg),
  restCommand(GROUP, 'get_online_member_num', getOnlineMemberNum),
  restCommand(AVCHATROOM, 'get_members', getLiveMembers),
  restCommand(AVCHATROOM, 'modify_user_info', markLiveMembers),
  restCommand(COMMUNITY, 'create_topic', createTopic),
  restCommand(COMMUNITY, 'destroy_topic', destroyTopic),
  restCommand(COMMUNITY, 'get_topic', getTopic),
  restCommand(COMMUNITY, 'modify_topic', modifyTopic),
  restCommand(GROUP, 'import_topic', importTopic),
  restCommand(GROUP_ATTRIBUTES, 'get_group_attr', getGroupAttr),
  restCommand(GROUP, 'get_group_attr', getGroupAttr),
  restCommand(GROUP, 'set_group_attr', setGroupAttr),
  restCommand(GROUP, 'modify_group_attr', modifyGroupAttr),
  restCommand(GROUP, 'delete_group_attr', deleteGroupAttr),
  restCommand(GROUP, 'clear_group_attr', clearGroupAttr),
  restCommand(GROUP, 'get_group_counter', getGroupCounter),
  restCommand(GROUP, 'update_group_counter', updateGroupCounter),
  restCommand(GROUP, 'delete_group_counter', deleteGroupCounter),
  restCommand(GROUP, 'get_group_muted_account', getGroupMutedAccount),
  restCommand(GROUP, 'get_group_shutted_uin', getGroupMutedAccount),
  restCommand(GROUP, 'ban_group_member', banGroupMember),
  restCommand(GROUP, 'unban_group_member', unbanGroupMember),
  restCommand(GROUP, 'get_group_ban_member', getGroupBanMember),
  ...messageCommands(GROUP),
  ...standingCommands(ACCOUNT),
];
