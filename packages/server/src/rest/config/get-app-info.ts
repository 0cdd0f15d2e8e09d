import { GetAppInfoRequest as Request, GetAppInfoResponse as Response } from '@confab-im/protocol';
import { groupIds } from '../../service/groups.ts';
import { encodeOperationsDay } from '../../wire/operations-day.ts';
import { handler } from '../command.ts';

/** Of today alone: nothing is counted by day. */
export const getAppInfo = handler(Request, Response, async (deps, caller, { RequestField }) => {
  const { total } = await groupIds(deps, caller, { after: 0, limit: 1 });
  const { app } = caller;
  return { Result: [encodeOperationsDay(deps.clock.now(), { app, groups: total }, RequestField)] };
});
