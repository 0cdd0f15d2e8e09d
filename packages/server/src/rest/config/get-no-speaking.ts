import type { GetNoSpeakingRequest, GetNoSpeakingResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { accountMutes } from '../../service/accounts.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';

export async function getNoSpeaking(
  deps: ServiceDeps,
  caller: Caller,
  { Get_Account }: GetNoSpeakingRequest,
): Promise<GetNoSpeakingResponse | Refusal> {
  const mutes = await accountMutes(deps, caller, Get_Account);
  if (isRefusal(mutes)) return mutes;
  return { C2CmsgNospeakingTime: mutes.c2cSeconds, GroupmsgNospeakingTime: mutes.groupSeconds };
}
