import { NoFields, KickRequest as Request } from '@confab-im/protocol';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { kickAccount } from '../../service/accounts.ts';
import { handler } from '../command.ts';

export const kick = handler(Request, NoFields, async (deps, caller, request) => {
  const userId = request.UserID ?? request.Identifier;
  if (userId === undefined) {
    return refuse('ACCOUNT_PARAMETERS', 'UserID: is missing; name the account whose login ends');
  }
  const result = await kickAccount(deps, caller, userId);
  return isRefusal(result) ? result : {};
});
