import type { AccountCheckRequest, AccountCheckResponse } from '@confab-im/protocol';
import { accountsImported } from '../../service/accounts.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { encodeAccountCheck } from '../../wire/accounts.ts';

export async function accountCheck(
  deps: ServiceDeps,
  caller: Caller,
  request: AccountCheckRequest,
): Promise<AccountCheckResponse> {
  const userIds = request.CheckItem.map(({ UserID }) => UserID);
  return encodeAccountCheck(userIds, await accountsImported(deps, caller, userIds));
}
