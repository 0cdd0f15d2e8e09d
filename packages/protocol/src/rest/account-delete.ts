import Type from 'typebox';
import { MAX_ACCOUNTS_PER_CALL } from './multiaccount-import.ts';

/** `im_open_login_svc/account_delete`. Source: tencent-rest-user C3.3. */
export const AccountDeleteRequest = Type.Object({
  DeleteItem: Type.Array(Type.Object({ UserID: Type.String({ description: 'The account' }) }), {
    minItems: 1,
    maxItems: MAX_ACCOUNTS_PER_CALL,
  }),
});
export type AccountDeleteRequest = Type.Static<typeof AccountDeleteRequest>;

export interface AccountDeleteResponse {
  /** `ResultCode` 0, 70107 where there was no such account, 70402 for an admin of the configuration. */
  readonly ResultItem: readonly {
    readonly UserID: string;
    readonly ResultCode: number;
    readonly ResultInfo: string;
  }[];
}
