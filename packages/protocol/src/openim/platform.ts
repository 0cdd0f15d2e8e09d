import { normalizeTencentPlatform } from '../tencent/platform.ts';

/** platformID by `OptPlatform`. Source: openim A.13. A REST caller's is 0 unless it says otherwise (openim A.9). */
const PLATFORM_IDS: ReadonlyMap<string, number> = new Map([
  ['iOS', 1],
  ['Android', 2],
  ['Windows', 3],
  ['Mac', 4],
  ['Web', 5],
  ['iPad', 9],
]);

export function openImPlatformId(platform: string): number {
  return PLATFORM_IDS.get(normalizeTencentPlatform(platform)) ?? 0;
}
