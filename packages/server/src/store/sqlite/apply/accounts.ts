import { muteEnd } from '../../../domain/mute.ts';
import { refuse } from '../../../domain/refusal.ts';
import type { MuteAccount, ResultMap, RevokeSignatures } from '../../commands.ts';
import type { Tables } from '../tables.ts';

export function applyMuteAccount(tables: Tables, command: MuteAccount): ResultMap['muteAccount'] {
  const { app, userId, c2cSeconds, groupSeconds } = command;
  if (tables.accounts.get(app, userId) === undefined) {
    return refuse('MUTE_ACCOUNT_INVALID', `Set_Account "${userId}" does not exist; import the account first`);
  }
  const now = Math.floor(command.now / 1000);
  tables.accounts.setStanding(app, userId, {
    ...(c2cSeconds !== undefined && { c2cMuteUntil: muteEnd(now, c2cSeconds) }),
    ...(groupSeconds !== undefined && { groupMuteUntil: muteEnd(now, groupSeconds) }),
  });
  return { kind: 'done' };
}

/** UserSigs of this very second go on: a new one, made after the command, cannot be told from one made before it. */
export function applyRevokeSignatures(
  tables: Tables,
  { app, userId, now }: RevokeSignatures,
): ResultMap['revokeSignatures'] {
  if (tables.accounts.get(app, userId) === undefined) {
    return refuse('USER_NOT_FOUND', `account "${userId}" does not exist; import it first`);
  }
  tables.accounts.setStanding(app, userId, { sigsFrom: Math.floor(now / 1000) });
  return { kind: 'done' };
}
