import Type from 'typebox';
import { type Answered, list, text } from './answer.ts';
import { optional } from './fields.ts';

export const MAX_ACCOUNTS_PER_CALL = 100;

/**
 * `im_open_login_svc/multiaccount_import`: either `Accounts` or the newer `AccountList`. What is wrong with one account is
 * answered in `FailAccounts` and not as a fault of the call. Source: tencent-rest-user C3.2.
 */
export const MultiaccountImportRequest = Type.Object({
  Accounts: optional(
    Type.Array(Type.String(), { minItems: 1, maxItems: MAX_ACCOUNTS_PER_CALL, description: 'UserIDs' }),
  ),
  AccountList: optional(
    Type.Array(
      Type.Object({
        UserID: Type.String({ description: 'The account' }),
        Nick: optional(Type.String({ description: 'Nickname' })),
        FaceUrl: optional(Type.String({ description: 'URL of the avatar' })),
      }),
      { minItems: 1, maxItems: MAX_ACCOUNTS_PER_CALL, description: 'Accounts with their profiles' },
    ),
  ),
});
export type MultiaccountImportRequest = Type.Static<typeof MultiaccountImportRequest>;

export const MultiaccountImportResponse = Type.Object({
  FailAccounts: list(text('UserID'), 'Accounts that could not be imported'),
});
export type MultiaccountImportResponse = Answered<typeof MultiaccountImportResponse>;
