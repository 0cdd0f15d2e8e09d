import Type from 'typebox';
import { groupId, optional, userId } from './fields.ts';

/** `group_open_http_svc/change_group_owner`; also gives an owner to a group without one. Source: tencent-rest-group C1.15. */
export const ChangeGroupOwnerRequest = Type.Object({
  GroupId: groupId(),
  NewOwner_Account: userId('New owner, a member'),
  From_Account: optional(userId('Shown as the one who did it; absent: the calling admin')),
});
export type ChangeGroupOwnerRequest = Type.Static<typeof ChangeGroupOwnerRequest>;
