import Type from 'typebox';
import { type Answered, codeOf, list, text } from './answer.ts';
import { MAX_ACCOUNTS_PER_CALL } from './multiaccount-import.ts';

/** `im_open_login_svc/account_delete`. Source: tencent-rest-user C3.3. */
export const AccountDeleteRequest = Type.Object({
  DeleteItem: Type.Array(Type.Object({ UserID: Type.String({ description: 'The account' }) }), {
    minItems: 1,
    maxItems: MAX_ACCOUNTS_PER_CALL,
  }),
});
export type AccountDeleteRequest = Type.Static<typeof AccountDeleteRequest>;

export const AccountDeleteResponse = Type.Object({
  ResultItem: list(
    Type.Object({
      UserID: text('The account'),
      ResultCode: codeOf('0, 70107: there was no such account, 70402: it is an admin of the configuration'),
      ResultInfo: text('Empty, or why not'),
    }),
    'In the order asked for',
  ),
});
export type AccountDeleteResponse = Answered<typeof AccountDeleteResponse>;
