import type { AccountDeleteRequest, AccountDeleteResponse } from '@confab-im/protocol';
import { deleteAccounts } from '../../service/accounts.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { encodeAccountDelete } from '../../wire/accounts.ts';

export async function accountDelete(
  deps: ServiceDeps,
  caller: Caller,
  request: AccountDeleteRequest,
): Promise<AccountDeleteResponse> {
  const userIds = request.DeleteItem.map(({ UserID }) => UserID);
  const { admins } = caller;
  const others = userIds.filter((userId) => !admins.includes(userId));
  return encodeAccountDelete(userIds, await deleteAccounts(deps, caller, others), admins);
}
