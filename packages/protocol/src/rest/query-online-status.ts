import Type from 'typebox';
import { flag, optional } from './fields.ts';

/** `openim/query_online_status`, formerly `openim/querystate`. Source: tencent-rest-user C3.6. */
export const QueryOnlineStatusRequest = Type.Object({
  To_Account: Type.Array(Type.String(), { minItems: 1, maxItems: 500, description: 'Accounts' }),
  IsNeedDetail: optional(flag('The platforms too')),
});
export type QueryOnlineStatusRequest = Type.Static<typeof QueryOnlineStatusRequest>;

export type OnlineStatus = 'Online' | 'PushOnline' | 'Offline';

export interface QueryOnlineStatusResponse {
  readonly QueryResult: readonly {
    readonly To_Account: string;
    readonly Status: OnlineStatus;
    /** Old name of `Status`. */
    readonly State: OnlineStatus;
    readonly Detail?: readonly { readonly Platform: string; readonly Status: OnlineStatus }[];
  }[];
  /** Accounts that do not exist: 70107. */
  readonly ErrorList: readonly { readonly To_Account: string; readonly ErrorCode: number }[];
}
