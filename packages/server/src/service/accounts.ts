import type { NewAccount } from '../store/commands.ts';
import { type Caller, commandBase, type ServiceDeps } from './caller.ts';

export async function importAccounts(
  deps: ServiceDeps,
  caller: Caller,
  accounts: readonly NewAccount[],
): Promise<void> {
  await deps.store.commit({ ...commandBase(deps, caller), type: 'importAccounts', accounts });
}

/** The accounts that existed and are deleted now. */
export async function deleteAccounts(
  deps: ServiceDeps,
  caller: Caller,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { deleted } = await deps.store.commit({
    ...commandBase(deps, caller),
    type: 'deleteAccounts',
    userIds,
  });
  return new Set(deleted);
}

/** For each account whether it was imported, in the order asked for. */
export function accountsImported(
  deps: ServiceDeps,
  caller: Caller,
  userIds: readonly string[],
): Promise<readonly boolean[]> {
  return deps.store.accountsImported(caller.app, userIds);
}
