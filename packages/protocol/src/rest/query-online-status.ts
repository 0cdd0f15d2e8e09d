import Type from 'typebox';
import { type Answered, codeOf, list, text } from './answer.ts';
import { flag, optional } from './fields.ts';

/** `openim/query_online_status`, formerly `openim/querystate`. Source: tencent-rest-user C3.6. */
export const QueryOnlineStatusRequest = Type.Object({
  To_Account: Type.Array(Type.String(), { minItems: 1, maxItems: 500, description: 'Accounts' }),
  IsNeedDetail: optional(flag('The platforms too')),
});
export type QueryOnlineStatusRequest = Type.Static<typeof QueryOnlineStatusRequest>;

const onlineStatus = (description: string) => Type.Enum(['Online', 'PushOnline', 'Offline'], { description });

export const QueryOnlineStatusResponse = Type.Object({
  QueryResult: list(
    Type.Object({
      To_Account: text('The account'),
      Status: onlineStatus('Whether it is online'),
      State: onlineStatus('Old name of Status'),
      Detail: optional(
        list(
          Type.Object({ Platform: text('Platform'), Status: onlineStatus('There') }),
          'By platform, if asked for',
        ),
      ),
    }),
    'Accounts that exist',
  ),
  ErrorList: list(
    Type.Object({ To_Account: text('The account'), ErrorCode: codeOf('70107: it does not exist') }),
    'Accounts that do not',
  ),
});
export type QueryOnlineStatusResponse = Answered<typeof QueryOnlineStatusResponse>;
