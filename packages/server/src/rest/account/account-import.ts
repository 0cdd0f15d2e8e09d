import { NoFields, AccountImportRequest as Request } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { importAccounts } from '../../service/accounts.ts';
import { decodeAccountImport } from '../../wire/accounts.ts';
import { handler } from '../command.ts';

export const accountImport = handler(Request, NoFields, async (deps, caller, request) => {
  const account = decodeAccountImport(request);
  if (isRefusal(account)) return account;
  await importAccounts(deps, caller, [account]);
  return {};
});
