import type { EndpointSettings } from './endpoint.ts';
import { MASK } from './mask.ts';

/** What an endpoint's receiver knows, or may know, and nobody else is to be shown. */
export type ToldSecrets = Partial<Pick<EndpointSettings, 'headers' | 'authToken' | 'signingKeys'>>;

/** Shorter ones are in many harmless words, and masking them would leave nothing to read. */
const LEAST_LENGTH = 6;
const BASIC = /^basic +(\S+)$/i;

/**
 * What a receiver says, with the mask in place of each of the endpoint's secrets: frameworks echo the headers of a request that they
 * refuse. A secret is found as it is, in JSON and percent-encoded, a header's also without its scheme, and Basic as user and password.
 */
export function hideSecrets(said: string, secrets: ToldSecrets): string {
  if (said === '') return said;
  return spellingsOf(secrets).reduce((text, secret) => text.replaceAll(secret, MASK), said);
}

/** Longest first: what a longer one leaves of itself when a shorter one in it goes first would be shown. */
function spellingsOf({ headers = {}, authToken = '', signingKeys = [] }: ToldSecrets): string[] {
  const secrets = [
    ...Object.values(headers).flatMap(credentialsOf),
    authToken,
    ...signingKeys.flatMap(keyOf),
  ];
  const spellings = secrets.filter(({ length }) => length >= LEAST_LENGTH).flatMap(spelled);
  return [...new Set(spellings)].sort((a, b) => b.length - a.length);
}

function credentialsOf(value: string): string[] {
  const [, basic] = BASIC.exec(value) ?? [];
  const plain = basic === undefined ? '' : Buffer.from(basic, 'base64').toString();
  return [value, after(' ', value), plain, after(':', plain)];
}

/** Libraries hold a key without its prefix. */
function keyOf(key: string): string[] {
  return [key, after('_', key)];
}

function after(mark: string, text: string): string {
  const at = text.indexOf(mark);
  return at === -1 ? '' : text.slice(at + 1).trim();
}

/** PHP escapes slashes in JSON. */
function spelled(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [secret, inJson, inJson.replaceAll('/', '\\/'), encodeURIComponent(secret.toWellFormed())];
}
