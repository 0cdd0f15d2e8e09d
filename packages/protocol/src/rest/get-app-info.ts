import Type from 'typebox';
import { type Answered, list, text } from './answer.ts';
import { optional } from './fields.ts';

/** `openconfigsvr/getappinfo`. Source: tencent-rest-user D8. */
export const GetAppInfoRequest = Type.Object({
  RequestField: optional(
    Type.Array(Type.String(), { maxItems: 100, description: 'Fields to be told; absent or empty: all' }),
  ),
});
export type GetAppInfoRequest = Type.Static<typeof GetAppInfoRequest>;

const figure = (description: string) => Type.Optional(text(`${description}, in digits`));

/** All values are texts, numbers too. */
const OperationsDay = Type.Object({
  Date: text('The day, YYYYMMDD in UTC'),
  AppId: figure('SDKAppID'),
  GroupAllGroupNum: figure('Groups that there are'),
  LoginTimes: figure('Logins of clients'),
  LoginUserNum: figure('Users who logged in with a client'),
  MaxOnlineNum: figure('Most users who were online at a time'),
  C2CUpMsgNum: figure('One-to-one messages sent'),
  C2CDownMsgNum: figure('One-to-one messages received'),
  C2CSendMsgUserNum: figure('Users who sent one-to-one messages'),
  C2CAPNSMsgNum: figure('One-to-one messages pushed'),
  GroupAPNSMsgNum: figure('Group messages pushed'),
  APNSMsgNum: figure('Messages pushed'),
  ChainIncrease: figure('Relations made'),
  ChainDecrease: figure('Relations ended'),
});
export type OperationsDay = Answered<typeof OperationsDay>;

export const GetAppInfoResponse = Type.Object({ Result: list(OperationsDay, 'One entry per day') });
export type GetAppInfoResponse = Answered<typeof GetAppInfoResponse>;
