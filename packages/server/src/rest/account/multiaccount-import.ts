import type { MultiaccountImportRequest, MultiaccountImportResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { importAccounts } from '../../service/accounts.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { decodeMultiaccountImport } from '../../wire/accounts.ts';

export async function multiaccountImport(
  deps: ServiceDeps,
  caller: Caller,
  request: MultiaccountImportRequest,
): Promise<MultiaccountImportResponse | Refusal> {
  const decoded = decodeMultiaccountImport(request);
  if (isRefusal(decoded)) return decoded;
  await importAccounts(deps, caller, decoded.accounts);
  return { FailAccounts: decoded.failed };
}
