import type { AccountImportRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { importAccounts } from '../../service/accounts.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { decodeAccountImport } from '../../wire/accounts.ts';

export async function accountImport(
  deps: ServiceDeps,
  caller: Caller,
  request: AccountImportRequest,
): Promise<object | Refusal> {
  const account = decodeAccountImport(request);
  if (isRefusal(account)) return account;
  await importAccounts(deps, caller, [account]);
  return {};
}
