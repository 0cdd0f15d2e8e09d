import { AccountDeleteRequest as Request, AccountDeleteResponse as Response } from '@confab-im/protocol';
import { deleteAccounts } from '../../service/accounts.ts';
import { encodeAccountDelete } from '../../wire/accounts.ts';
import { handler } from '../command.ts';

export const accountDelete = handler(Request, Response, async (deps, caller, request) => {
  const userIds = request.DeleteItem.map(({ UserID }) => UserID);
  const { admins } = caller;
  const others = userIds.filter((userId) => !admins.includes(userId));
  return encodeAccountDelete(userIds, await deleteAccounts(deps, caller, others), admins);
});
