import Type from 'typebox';
import { optional, userId } from './fields.ts';

/** `im_open_login_svc/kick`. Either `UserID` or `Identifier`. Source: tencent-rest-user C3.5. */
export const KickRequest = Type.Object({
  UserID: optional(userId('The account')),
  Identifier: optional(userId('The account, old name')),
});
export type KickRequest = Type.Static<typeof KickRequest>;
