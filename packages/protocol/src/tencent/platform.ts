/** `OptPlatform` values as one emits them, by their lower-case spellings in use. Source: tencent-webhooks A.2.1, F-3. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['restapi', 'RESTAPI'],
  ['web', 'Web'],
  ['android', 'Android'],
  ['ios', 'iOS'],
  ['windows', 'Windows'],
  ['mac', 'Mac'],
  ['macos', 'Mac'],
  ['ipad', 'iPad'],
  ['unknown', 'Unknown'],
  ['unkown', 'Unknown'],
]);

/** One spelling per platform, whatever the case it came in; the set is open, so an unlisted value stays as it is. */
export function normalizeTencentPlatform(platform: string): string {
  return SPELLINGS.get(platform.toLowerCase()) ?? platform;
}
