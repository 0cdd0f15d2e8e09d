import { muteLeft } from '../domain/mute.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { NewAccount, ResultMap } from '../store/commands.ts';
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
  const deleted = new Set<string>();
  for (let left = userIds; left.length > 0; ) {
    const command = { ...commandBase(deps, caller), type: 'deleteAccounts', userIds: left } as const;
    const result = await deps.store.commit(command);
    for (const userId of result.deleted) deleted.add(userId);
    left = result.left;
  }
  return deleted;
}

/** For each account whether it was imported, in the order asked for. */
export function accountsImported(
  deps: ServiceDeps,
  caller: Caller,
  userIds: readonly string[],
): Promise<readonly boolean[]> {
  return deps.store.accountsImported(caller.app, userIds);
}

/** Ends what the account has open, and makes its UserSigs worthless (tencent-rest-user C3.5). */
export async function kickAccount(
  deps: ServiceDeps,
  caller: Caller,
  userId: string,
): Promise<ResultMap['revokeSignatures']> {
  const result = await deps.store.commit({
    ...commandBase(deps, caller),
    type: 'revokeSignatures',
    userId,
  });
  if (!isRefusal(result)) deps.sessions.end(caller.app, userId);
  return result;
}

/** Seconds; what is absent stays as it is. */
export interface MuteTimes {
  readonly c2cSeconds?: number;
  readonly groupSeconds?: number;
}

export function muteAccount(
  deps: ServiceDeps,
  caller: Caller,
  mute: MuteTimes & { readonly userId: string },
): Promise<ResultMap['muteAccount']> {
  return deps.store.commit({ ...commandBase(deps, caller), type: 'muteAccount', ...mute });
}

/** Seconds that are left of the account's mutes. */
export async function accountMutes(
  deps: ServiceDeps,
  caller: Caller,
  userId: string,
): Promise<Required<MuteTimes> | Refusal> {
  const standing = await deps.store.accountStanding(caller.app, userId);
  if (standing === undefined) {
    return refuse(
      'MUTE_GET_ACCOUNT_INVALID',
      `Get_Account "${userId}" does not exist; import the account first`,
    );
  }
  const now = Math.floor(deps.clock.now() / 1000);
  return {
    c2cSeconds: muteLeft(now, standing.c2cMuteUntil),
    groupSeconds: muteLeft(now, standing.groupMuteUntil),
  };
}
