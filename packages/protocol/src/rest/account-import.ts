import Type from 'typebox';
import { boundedText, optional, userId } from './fields.ts';

/** `im_open_login_svc/account_import`. Either `UserID` or `Identifier`. Source: tencent-rest-user C3.1. */
export const AccountImportRequest = Type.Object({
  UserID: optional(userId('The account')),
  Identifier: optional(userId('The account, old name')),
  Nick: optional(boundedText(500, 'Nickname')),
  FaceUrl: optional(boundedText(500, 'URL of the avatar')),
});
export type AccountImportRequest = Type.Static<typeof AccountImportRequest>;
