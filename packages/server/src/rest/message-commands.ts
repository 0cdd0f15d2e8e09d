import { type RestCommand, type RestService, restCommand } from './command.ts';
import { deleteGroupMsgBySender } from './group/delete-group-msg-by-sender.ts';
import { getGroupMsgReceipt } from './group/get-group-msg-receipt.ts';
import { getGroupMsgReceiptDetail } from './group/get-group-msg-receipt-detail.ts';
import { groupMsgGetSimple } from './group/group-msg-get-simple.ts';
import { groupMsgRecall } from './group/group-msg-recall.ts';
import { groupMsgReceipt } from './group/group-msg-receipt.ts';
import { importGroupMsg } from './group/import-group-msg.ts';
import { sendBroadcastMsg } from './group/send-broadcast-msg.ts';
import { sendGroupMsg } from './group/send-group-msg.ts';
import { sendGroupSystemNotification } from './group/send-group-system-notification.ts';
import { setUnreadMsgNum } from './group/set-unread-msg-num.ts';
import { groupGetKeyValues } from './message/group-get-key-values.ts';
import { groupSetKeyValues } from './message/group-set-key-values.ts';
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
  const notice: RestService = {
    ...group,
    fieldFaults: [
      ...group.fieldFaults,
      { field: 'ToMembers_Account', when: 'list', error: 'TOO_MANY_ACCOUNTS' },
    ],
  };
  const extension: RestService = { ...group, name: 'openim_msg_ext_http_svc' };
  return [
    restCommand(group, 'send_group_msg', sendGroupMsg),
    restCommand(notice, 'send_group_system_notification', sendGroupSystemNotification),
    restCommand(group, 'send_broadcast_msg', sendBroadcastMsg),
    restCommand(group, 'import_group_msg', importGroupMsg),
    restCommand(group, 'group_msg_get_simple', groupMsgGetSimple),
    restCommand(group, 'group_msg_recall', groupMsgRecall),
    restCommand(group, 'delete_group_msg_by_sender', deleteGroupMsgBySender),
    restCommand(MESSAGE, 'modify_group_msg', modifyGroupMsg),
    restCommand(group, 'get_group_msg_receipt', getGroupMsgReceipt),
    restCommand(group, 'get_group_msg_receipt_detail', getGroupMsgReceiptDetail),
    restCommand(group, 'set_unread_msg_num', setUnreadMsgNum),
    restCommand(group, 'group_msg_receipt', groupMsgReceipt),
    restCommand(extension, 'group_get_key_values', groupGetKeyValues),
    restCommand(extension, 'group_set_key_values', groupSetKeyValues),
  ];
}
