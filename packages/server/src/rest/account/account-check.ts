import { AccountCheckRequest as Request, AccountCheckResponse as Response } from '@confab-im/protocol';
import { accountsImported } from '../../service/accounts.ts';
import { encodeAccountCheck } from '../../wire/accounts.ts';
import { handler } from '../command.ts';

export const accountCheck = handler(Request, Response, async (deps, caller, request) => {
  const userIds = request.CheckItem.map(({ UserID }) => UserID);
  return encodeAccountCheck(userIds, await accountsImported(deps, caller, userIds));
});
