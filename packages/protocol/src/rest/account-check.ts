import Type from 'typebox';
import { type Answered, codeOf, list, text } from './answer.ts';
import { MAX_ACCOUNTS_PER_CALL } from './multiaccount-import.ts';

/** `im_open_login_svc/account_check`. Source: tencent-rest-user C3.4. */
export const AccountCheckRequest = Type.Object({
  CheckItem: Type.Array(Type.Object({ UserID: Type.String({ description: 'The account' }) }), {
    minItems: 1,
    maxItems: MAX_ACCOUNTS_PER_CALL,
  }),
});
export type AccountCheckRequest = Type.Static<typeof AccountCheckRequest>;

export const AccountCheckResponse = Type.Object({
  ResultItem: list(
    Type.Object({
      UserID: text('The account'),
      ResultCode: codeOf('Always 0'),
      ResultInfo: text('Always empty'),
      AccountStatus: Type.Enum(['Imported', 'NotImported']),
    }),
    'In the order asked for',
  ),
});
export type AccountCheckResponse = Answered<typeof AccountCheckResponse>;
