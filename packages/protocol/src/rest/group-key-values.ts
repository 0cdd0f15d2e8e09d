import Type from 'typebox';
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

export interface KeyValuePair {
  readonly Key: string;
  readonly Value: string;
  readonly Seq: number;
}

export interface GroupGetKeyValuesResponse {
  /** 1: all pairs that were asked for are here. */
  readonly CompleteFlag: 0 | 1;
  readonly LatestSeq: number;
  /** Pairs up to here were cleared. */
  readonly ClearSeq: number;
  /** In the order of `Seq`, at most 200. */
  readonly ExtensionList: readonly KeyValuePair[];
}

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

export interface GroupSetKeyValuesResponse {
  /** Latest of the message. */
  readonly Seq: number;
  readonly ExtensionList: readonly {
    /** 0, or 23004: there is no such key. */
    readonly ErrorCode: number;
    readonly Extension: KeyValuePair;
  }[];
}
