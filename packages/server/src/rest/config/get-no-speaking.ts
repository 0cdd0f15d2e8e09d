import { GetNoSpeakingRequest as Request, GetNoSpeakingResponse as Response } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { accountMutes } from '../../service/accounts.ts';
import { handler } from '../command.ts';

export const getNoSpeaking = handler(Request, Response, async (deps, caller, { Get_Account }) => {
  const mutes = await accountMutes(deps, caller, Get_Account);
  if (isRefusal(mutes)) return mutes;
  return { C2CmsgNospeakingTime: mutes.c2cSeconds, GroupmsgNospeakingTime: mutes.groupSeconds };
});
