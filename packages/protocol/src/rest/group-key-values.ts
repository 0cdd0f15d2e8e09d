import Type from 'typebox';
import { type Answered, codeOf, count, list, oneOrZero, text } from './answer.ts';
import { boundedText, groupId, optional, topicId, uint32 } from './fields.ts';

/** `openim_msg_ext_http_svc/group_get_key_values`; the SDK says `startSeq`. Source: tencent-rest-message C2.12. */
export const GroupGetKeyValuesRequest = Type.Object({
  GroupId: groupId(),
  MsgSeq: uint32('The message'),
  StartSeq: optional(uint32('Only pairs with this Seq or a later one')),
  startSeq: optional(uint32('Other name of StartSeq')),
  TopicId: topicId,
});
export type GroupGetKeyValuesRequest = Type.Static<typeof GroupGetKeyValuesRequest>;

export const KeyValuePair = Type.Object({
  Key: text('Key'),
  Value: text('Value'),
  Seq: count('Number of the write that made it'),
});
export type KeyValuePair = Answered<typeof KeyValuePair>;

export const GroupGetKeyValuesResponse = Type.Object({
  CompleteFlag: oneOrZero('1: all pairs that were asked for are here'),
  LatestSeq: count('Latest Seq of the message'),
  ClearSeq: count('Pairs up to here were cleared'),
  ExtensionList: list(KeyValuePair, 'In the order of Seq, at most 200'),
});
export type GroupGetKeyValuesResponse = Answered<typeof GroupGetKeyValuesResponse>;

/** `openim_msg_ext_http_svc/group_set_key_values`. Source: tencent-rest-message C2.12. */
export const GroupSetKeyValuesRequest = Type.Object({
  GroupId: groupId(),
  MsgSeq: uint32('The message'),
  OperateType: Type.Enum([1, 2, 3], { description: '1: set, 2: delete, 3: clear' }),
  ExtensionList: optional(
    Type.Array(
      Type.Object({
        Key: boundedText(100, 'Key'),
        Value: optional(boundedText(1_000, 'Value')),
        Seq: optional(uint32('Latest Seq known; not looked at for app admins')),
      }),
      { maxItems: 20, description: 'Pairs to set, or keys to delete' },
    ),
  ),
  TopicId: topicId,
});
export type GroupSetKeyValuesRequest = Type.Static<typeof GroupSetKeyValuesRequest>;

export const GroupSetKeyValuesResponse = Type.Object({
  Seq: count('Latest Seq of the message'),
  ExtensionList: list(
    Type.Object({ ErrorCode: codeOf('0, or 23004: there is no such key'), Extension: KeyValuePair }),
    'What was set or deleted',
  ),
});
export type GroupSetKeyValuesResponse = Answered<typeof GroupSetKeyValuesResponse>;
