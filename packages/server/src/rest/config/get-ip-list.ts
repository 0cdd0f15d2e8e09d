import { networkInterfaces } from 'node:os';
import { GetIpListRequest as Request, GetIpListResponse as Response } from '@confab-im/protocol';
import { handler } from '../command.ts';

/** The addresses of this machine that lead beyond it: clients reach it there, and webhooks come from there. */
export const getIpList = handler(Request, Response, async () => {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const leadingOut = all.filter(({ internal, scopeid }) => !internal && (scopeid ?? 0) === 0);
  return { IPList: leadingOut.map(({ address }) => address) };
});
