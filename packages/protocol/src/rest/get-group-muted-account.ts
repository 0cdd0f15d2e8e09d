import Type from 'typebox';
import { groupId, topicId } from './fields.ts';

/** `group_open_http_svc/get_group_muted_account`, formerly `get_group_shutted_uin`. Source: tencent-rest-group C1.14. */
export const GetGroupMutedAccountRequest = Type.Object({ GroupId: groupId(), TopicId: topicId });
export type GetGroupMutedAccountRequest = Type.Static<typeof GetGroupMutedAccountRequest>;

export interface GetGroupMutedAccountResponse {
  readonly GroupId: string;
  /** Unix seconds; 4294967295 is for ever. */
  readonly MutedAccountList: readonly { readonly Member_Account: string; readonly MutedUntil: number }[];
  /** Old name of `MutedAccountList`. */
  readonly ShuttedUinList: readonly { readonly Member_Account: string; readonly ShuttedUntil: number }[];
}
