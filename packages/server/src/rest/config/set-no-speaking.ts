import type { SetNoSpeakingRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { muteAccount } from '../../service/accounts.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';

export async function setNoSpeaking(
  deps: ServiceDeps,
  caller: Caller,
  request: SetNoSpeakingRequest,
): Promise<object | Refusal> {
  const { C2CmsgNospeakingTime: c2cSeconds, GroupmsgNospeakingTime: groupSeconds } = request;
  if (c2cSeconds === undefined && groupSeconds === undefined) {
    return refuse(
      'MUTE_TIME_MISSING',
      'C2CmsgNospeakingTime and GroupmsgNospeakingTime are missing; send one of them',
    );
  }
  const result = await muteAccount(deps, caller, {
    userId: request.Set_Account,
    ...(c2cSeconds !== undefined && { c2cSeconds }),
    ...(groupSeconds !== undefined && { groupSeconds }),
  });
  return isRefusal(result) ? result : {};
}
