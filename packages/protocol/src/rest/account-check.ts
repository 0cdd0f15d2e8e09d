import Type from 'typebox';
import { MAX_ACCOUNTS_PER_CALL } from './multiaccount-import.ts';

/** `im_open_login_svc/account_check`. Source: tencent-rest-user C3.4. */
export const AccountCheckRequest = Type.Object({
  CheckItem: Type.Array(Type.Object({ UserID: Type.String({ description: 'The account' }) }), {
    minItems: 1,
    maxItems: MAX_ACCOUNTS_PER_CALL,
  }),
});
export type AccountCheckRequest = Type.Static<typeof AccountCheckRequest>;

export interface AccountCheckResponse {
  readonly ResultItem: readonly {
    readonly UserID: string;
    readonly ResultCode: number;
    readonly ResultInfo: string;
    readonly AccountStatus: 'Imported' | 'NotImported';
  }[];
}
