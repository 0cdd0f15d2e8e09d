import {
  DeleteGroupMsgBySenderRequest,
  GetGroupMsgReceiptDetailRequest,
  GetGroupMsgReceiptDetailResponse,
  GetGroupMsgReceiptRequest,
  GetGroupMsgReceiptResponse,
  GroupGetKeyValuesRequest,
  GroupGetKeyValuesResponse,
  GroupMsgGetSimpleRequest,
  GroupMsgGetSimpleResponse,
  GroupMsgRecallRequest,
  GroupMsgRecallResponse,
  GroupMsgReceiptRequest,
  GroupSetKeyValuesRequest,
  GroupSetKeyValuesResponse,
  ImportGroupMsgRequest,
  ImportGroupMsgResponse,
  ModifyGroupMsgRequest,
  NoFields,
  SendBroadcastMsgRequest,
  SendBroadcastMsgResponse,
  SendGroupMsgRequest,
  SendGroupMsgResponse,
  SendGroupSystemNotificationRequest,
  SetUnreadMsgNumRequest,
} from '@confab-im/protocol';
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
    restCommand(group, 'send_group_msg', SendGroupMsgRequest, SendGroupMsgResponse, sendGroupMsg),
    restCommand(
      notice,
      'send_group_system_notification',
      SendGroupSystemNotificationRequest,
      NoFields,
      sendGroupSystemNotification,
    ),
    restCommand(
      group,
      'send_broadcast_msg',
      SendBroadcastMsgRequest,
      SendBroadcastMsgResponse,
      sendBroadcastMsg,
    ),
    restCommand(group, 'import_group_msg', ImportGroupMsgRequest, ImportGroupMsgResponse, importGroupMsg),
    restCommand(
      group,
      'group_msg_get_simple',
      GroupMsgGetSimpleRequest,
      GroupMsgGetSimpleResponse,
      groupMsgGetSimple,
    ),
    restCommand(group, 'group_msg_recall', GroupMsgRecallRequest, GroupMsgRecallResponse, groupMsgRecall),
    restCommand(
      group,
      'delete_group_msg_by_sender',
      DeleteGroupMsgBySenderRequest,
      NoFields,
      deleteGroupMsgBySender,
    ),
    restCommand(MESSAGE, 'modify_group_msg', ModifyGroupMsgRequest, NoFields, modifyGroupMsg),
    restCommand(
      group,
      'get_group_msg_receipt',
      GetGroupMsgReceiptRequest,
      GetGroupMsgReceiptResponse,
      getGroupMsgReceipt,
    ),
    restCommand(
      group,
      'get_group_msg_receipt_detail',
      GetGroupMsgReceiptDetailRequest,
      GetGroupMsgReceiptDetailResponse,
      getGroupMsgReceiptDetail,
    ),
    restCommand(group, 'set_unread_msg_num', SetUnreadMsgNumRequest, NoFields, setUnreadMsgNum),
    restCommand(group, 'group_msg_receipt', GroupMsgReceiptRequest, NoFields, groupMsgReceipt),
    restCommand(
      extension,
      'group_get_key_values',
      GroupGetKeyValuesRequest,
      GroupGetKeyValuesResponse,
      groupGetKeyValues,
    ),
    restCommand(
      extension,
      'group_set_key_values',
      GroupSetKeyValuesRequest,
      GroupSetKeyValuesResponse,
      groupSetKeyValues,
    ),
  ];
}
