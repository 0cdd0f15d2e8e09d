import {
  MultiaccountImportRequest as Request,
  MultiaccountImportResponse as Response,
} from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { importAccounts } from '../../service/accounts.ts';
import { decodeMultiaccountImport } from '../../wire/accounts.ts';
import { handler } from '../command.ts';

export const multiaccountImport = handler(Request, Response, async (deps, caller, request) => {
  const decoded = decodeMultiaccountImport(request);
  if (isRefusal(decoded)) return decoded;
  await importAccounts(deps, caller, decoded.accounts);
  return { FailAccounts: decoded.failed };
});
