import { networkInterfaces } from 'node:os';
import type { GetIpListResponse } from '@confab-im/protocol';

/** The addresses of this machine that lead beyond it: clients reach it there, and webhooks come from there. */
export async function getIpList(): Promise<GetIpListResponse> {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const leadingOut = all.filter(({ internal, scopeid }) => !internal && (scopeid ?? 0) === 0);
  return { IPList: leadingOut.map(({ address }) => address) };
}
