import { Unfit } from '../domain/settings/problem.ts';
import { readTextFile } from './files.ts';

export const SECRETS_KEY_EXPECTS =
  '32 random bytes in base64 (openssl rand -base64 32), or file: and the path of a file with that, or a list of up to 10 of these';

const FILE = 'file:';
const MAX_KEYS = 10;
/** 32 bytes: 43 characters of base64 and one of padding. */
const KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/** The keys themselves. Throws `Unfit`, which never shows one. */
export function parseSecretsKeys(written: string | readonly string[]): string[] {
  const entries = typeof written === 'string' ? [written] : written;
  if (entries.length > MAX_KEYS)
    throw new Unfit(`has ${entries.length} keys; at most ${MAX_KEYS} are allowed`);
  const keys = entries.map(readKey);
  if (new Set(keys).size < keys.length) throw new Unfit('has a key twice; each must be different');
  return keys;
}

function readKey(entry: string): string {
  const path = entry.startsWith(FILE) ? entry.slice(FILE.length) : undefined;
  const read = path === undefined ? { text: entry } : readTextFile(path);
  if ('why' in read) throw new Unfit(`names the file ${path}, which ${read.why}`);
  const key = read.text.trim();
  if (KEY.test(key)) return key;
  if (path !== undefined) throw new Unfit(`names the file ${path}, which does not hold 32 bytes in base64`);
  throw new Unfit(`must be ${SECRETS_KEY_EXPECTS}`);
}
