import Type from 'typebox';
import { UncheckedElement } from '../elements.ts';
import { groupId, optional, topicId, uint32 } from './fields.ts';

/** `openim/modify_group_msg`: what is given is overwritten. `checkMsgBody` looks into `MsgBody`. Source: tencent-rest-message C2.5. */
export const ModifyGroupMsgRequest = Type.Object({
  GroupId: groupId(),
  MsgSeq: uint32('The message'),
  MsgBody: optional(Type.Array(UncheckedElement, { minItems: 1, description: 'New elements' })),
  CloudCustomData: optional(Type.String({ description: 'New custom data' })),
  TopicId: topicId,
});
export type ModifyGroupMsgRequest = Type.Static<typeof ModifyGroupMsgRequest>;
