import { NoFields, SetNoSpeakingRequest as Request } from '@confab-im/protocol';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { muteAccount } from '../../service/accounts.ts';
import { handler } from '../command.ts';

export const setNoSpeaking = handler(Request, NoFields, async (deps, caller, request) => {
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
});
