import type { Group } from './group.ts';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Why these users cannot be banned, or their ban be ended (tencent-rest-group C1.16). */
export function banRefusal(group: Group, missingAccounts: readonly string[]): Refusal | undefined {
  if (!GROUP_TYPE_TRAITS[group.type].banList) {
    return refuse(
      'PERMISSION_DENIED',
      `a group of type ${group.type} has no list of banned users; remove the member instead`,
    );
  }
  const missing = missingAccounts[0];
  return missing === undefined
    ? undefined
    : refuse('INVALID_PARAMETERS', `Members_Account: account "${missing}" does not exist; import it first`);
}
