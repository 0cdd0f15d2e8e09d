import Type from 'typebox';
import { flag, groupId, optional, userId } from './fields.ts';

/** `group_open_http_svc/add_group_member`. Source: tencent-rest-group C1.8; 500 members by tencent-rest G.1 no. 3. */
export const AddGroupMemberRequest = Type.Object({
  GroupId: groupId(),
  MemberList: Type.Array(Type.Object({ Member_Account: userId('The account') }), {
    minItems: 1,
    maxItems: 500,
    description: 'Who joins',
  }),
  Silence: optional(flag('Tell nobody')),
});
export type AddGroupMemberRequest = Type.Static<typeof AddGroupMemberRequest>;

export interface AddGroupMemberResponse {
  /** `Result`: 0 failed, 1 added, 2 a member already. */
  readonly MemberList: readonly { readonly Member_Account: string; readonly Result: number }[];
}
