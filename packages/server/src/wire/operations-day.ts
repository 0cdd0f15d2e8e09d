import type { OperationsDay } from '@confab-im/protocol';

/** What this server has none of: clients that connect, one-to-one messages, pushes, relations between users. */
const NONE_OF = {
  LoginTimes: '0',
  LoginUserNum: '0',
  MaxOnlineNum: '0',
  C2CUpMsgNum: '0',
  C2CDownMsgNum: '0',
  C2CSendMsgUserNum: '0',
  C2CAPNSMsgNum: '0',
  GroupAPNSMsgNum: '0',
  APNSMsgNum: '0',
  ChainIncrease: '0',
  ChainDecrease: '0',
} as const;

/** The day of `now` (unix ms) as `getappinfo` tells it: the fields that are wanted, and `Date` always. None wanted: all. */
export function encodeOperationsDay(
  now: number,
  { app, groups }: { readonly app: number; readonly groups: number },
  wanted: readonly string[] = [],
): OperationsDay {
  const all: OperationsDay = {
    Date: new Date(now).toISOString().slice(0, 10).replaceAll('-', ''),
    AppId: String(app),
    GroupAllGroupNum: String(groups),
    ...NONE_OF,
  };
  if (wanted.length === 0) return all;
  const some = Object.entries(all).filter(([name]) => wanted.includes(name));
  return { Date: all.Date, ...Object.fromEntries(some) };
}
