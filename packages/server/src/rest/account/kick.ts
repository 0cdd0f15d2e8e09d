import type { KickRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { kickAccount } from '../../service/accounts.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';

export async function kick(
  deps: ServiceDeps,
  caller: Caller,
  request: KickRequest,
): Promise<object | Refusal> {
  const userId = request.UserID ?? request.Identifier;
  if (userId === undefined) {
    return refuse('ACCOUNT_PARAMETERS', 'UserID: is missing; name the account whose login ends');
  }
  const result = await kickAccount(deps, caller, userId);
  return isRefusal(result) ? result : {};
}
