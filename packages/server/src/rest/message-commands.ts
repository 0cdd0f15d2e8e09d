import {
  DeleteGroupMsgBySenderRequest,
  GroupMsgGetSimpleRequest,
  GroupMsgRecallRequest,
  ModifyGroupMsgRequest,
  SendGroupMsgRequest,
} from '@confab-im/protocol';
import { type RestCommand, type RestService, restCommand } from './command.ts';
import { deleteGroupMsgBySender } from './group/delete-group-msg-by-sender.ts';
import { groupMsgGetSimple } from './group/group-msg-get-simple.ts';
import { groupMsgRecall } from './group/group-msg-recall.ts';
import { sendGroupMsg } from './group/send-group-msg.ts';
import { modifyGroupMsg } from './message/modify-group-msg.ts';

const MESSAGE: RestService = {
  name: 'openim',
  badJson: 'MESSAGE_JSON_INVALID',
  badField: 'MESSAGE_REQUEST_INVALID',
  fieldFaults: [
    { field: 'GroupId', when: 'text', error: 'INVALID_GROUP_ID' },
    { field: 'MsgBody', when: 'no-list', error: 'MSG_BODY_NOT_A_LIST' },
    { field: 'MsgBody', when: 'any', error: 'MSG_BODY_INVALID' },
  ],
};

/** What is done with the messages of groups; most of it is of the group service. */
export function messageCommands(group: RestService): readonly RestCommand[] {
  return [
    restCommand(group, 'send_group_msg', SendGroupMsgRequest, sendGroupMsg),
    restCommand(group, 'group_msg_get_simple', GroupMsgGetSimpleRequest, groupMsgGetSimple),
    restCommand(group, 'group_msg_recall', GroupMsgRecallRequest, groupMsgRecall),
    restCommand(group, 'delete_group_msg_by_sender', DeleteGroupMsgBySenderRequest, deleteGroupMsgBySender),
    restCommand(MESSAGE, 'modify_group_msg', ModifyGroupMsgRequest, modifyGroupMsg),
  ];
}
