import Type from 'typebox';
import { UncheckedElement } from '../elements.ts';
import { type Answered, codeOf, count, list, seconds } from './answer.ts';
import { flag, groupId, optional, topicId, uint32, userId } from './fields.ts';

/**
 * `group_open_http_svc/import_group_msg`. Up to 20 messages, of any elements (tencent-rest G.1 no. 5 and 22). `checkMsgBody` looks
 * into `MsgBody`. Source: tencent-rest-message C2.4.
 */
export const ImportGroupMsgRequest = Type.Object({
  GroupId: groupId(),
  MsgList: Type.Array(
    Type.Object({
      From_Account: userId('Who sent it'),
      SendTime: uint32('When, in unix seconds; ascending, not before the newest message of the group'),
      Random: optional(
        uint32('With sender, content and time the key by which a repeated import is recognised'),
      ),
      MsgBody: Type.Array(UncheckedElement, { minItems: 1, description: 'Elements' }),
      CloudCustomData: optional(Type.String({ description: 'Stored with the message' })),
    }),
    { minItems: 1, maxItems: 20, description: 'Messages, oldest first' },
  ),
  RecentContactFlag: optional(flag('Conversation lists are brought up to date')),
  TopicId: topicId,
});
export type ImportGroupMsgRequest = Type.Static<typeof ImportGroupMsgRequest>;

export const ImportGroupMsgResponse = Type.Object({
  ImportMsgResult: list(
    Type.Object({
      MsgSeq: count('Number in the group; 0 for one that was not imported'),
      MsgTime: seconds('When it was sent'),
      Result: codeOf('0, 10004: a time that cannot be, 80002: too long'),
    }),
    'In the order of the request',
  ),
});
export type ImportGroupMsgResponse = Answered<typeof ImportGroupMsgResponse>;
