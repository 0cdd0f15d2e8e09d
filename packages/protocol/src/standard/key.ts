import { type Bytes, fromBase64, toBase64 } from '../bytes.ts';

/**
 * Keys of Standard Webhooks 1.0.0, "Signature scheme": `whsec_` is a shared secret for HMAC-SHA256 (`v1`), `whsk_` the secret
 * and `whpk_` the public half of an Ed25519 pair (`v1a`); base64 follows the prefix.
 */
export type SignatureVersion = 'v1' | 'v1a';

/** A key that signs; made by `importSigningKeys`, and silent about its secret. */
export interface SigningKey {
  readonly version: SignatureVersion;
  readonly signs: CryptoKey;
}

/** A key that verifies; made by `importVerifyingKeys`. */
export interface VerifyingKey {
  readonly version: SignatureVersion;
  readonly verifies: CryptoKey;
}

/** At most this many keys are live at one time: enough for any rotation, and it bounds what a forged request costs. */
export const MAX_LIVE_KEYS = 8;

const HMAC = { name: 'HMAC', hash: 'SHA-256' };
const SECRET_BYTES = { least: 24, most: 64, made: 32 };
const ED25519_BYTES = 32;
/** 64 bytes in base64 with the longest prefix take 94 characters. */
const MAX_TEXT_LENGTH = 100;
/** What stands before the 32 bytes of the secret in a PKCS #8 document of an Ed25519 key (RFC 8410, section 7). */
const PKCS8_PREFIX = new Uint8Array([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]);

/** What is wrong with the text of a key that is to sign, as a sentence without the key; undefined when it will do. */
export function signingKeyProblem(text: string): string | undefined {
  if (text.startsWith('whpk_')) return 'A whpk_ key is public and only verifies; sign with its whsk_ key.';
  return keyProblem(text, 'whsec_ or whsk_');
}

/** The same for a key that is to verify. */
export function verifyingKeyProblem(text: string): string | undefined {
  if (text.startsWith('whsk_')) {
    return 'A whsk_ key is the secret of the sender; leave it there, and verify with its whpk_ key.';
  }
  return keyProblem(text, 'whsec_ or whpk_');
}

function keyProblem(text: string, prefixes: string): string | undefined {
  const prefix = /^wh(?:sec|sk|pk)_/.exec(text)?.[0];
  if (prefix === undefined) return `The key begins with ${prefixes}; copy it whole.`;
  const bytes = bytesOf(text);
  if (bytes === undefined) return `After ${prefix} comes base64 with its padding; copy the key whole.`;
  const size = bytes.byteLength;
  if (prefix === 'whsec_' && (size < SECRET_BYTES.least || size > SECRET_BYTES.most)) {
    return `A whsec_ key holds ${SECRET_BYTES.least} to ${SECRET_BYTES.most} bytes, this one ${size}; make a new one.`;
  }
  if (prefix === 'whpk_' && size !== ED25519_BYTES) {
    return `A whpk_ key holds 32 bytes, this one ${size}; copy the key whole.`;
  }
  if (prefix === 'whsk_' && size !== ED25519_BYTES && size !== 2 * ED25519_BYTES) {
    return `A whsk_ key holds 32 bytes, or 64 with its public half, this one ${size}; copy the key whole.`;
  }
  return undefined;
}

function bytesOf(text: string): Bytes | undefined {
  return text.length > MAX_TEXT_LENGTH ? undefined : fromBase64(text.slice(text.indexOf('_') + 1));
}

/**
 * The keys an endpoint signs with, in their order. Throws a `TypeError` that says which text is no key, by its place and never
 * by its content, or that there are more than 8.
 */
export function importSigningKeys(texts: readonly string[]): Promise<readonly SigningKey[]> {
  return importAll(texts, signingKeyProblem, importSigningKey);
}

/** The keys a receiver verifies with; the index of the one that matched is its place here. Throws as `importSigningKeys`. */
export function importVerifyingKeys(texts: readonly string[]): Promise<readonly VerifyingKey[]> {
  return importAll(texts, verifyingKeyProblem, importVerifyingKey);
}

function readAll(
  texts: readonly string[],
  problemOf: (text: string) => string | undefined,
): readonly Bytes[] {
  if (texts.length > MAX_LIVE_KEYS) {
    throw new TypeError(`There are ${texts.length} signing keys; at most ${MAX_LIVE_KEYS} are live at once.`);
  }
  return texts.map((text, index) => {
    const bytes = bytesOf(text);
    const problem = problemOf(text);
    if (problem === undefined && bytes !== undefined) return bytes;
    throw new TypeError(`Signing key ${index + 1} of ${texts.length} cannot be used. ${problem}`);
  });
}

async function importAll<Key>(
  texts: readonly string[],
  problemOf: (text: string) => string | undefined,
  importOne: (shared: boolean, bytes: Bytes) => Promise<Key>,
): Promise<readonly Key[]> {
  const bytes = readAll(texts, problemOf);
  return Promise.all(bytes.map((one, index) => importOne(texts[index]?.startsWith('whsec_') === true, one)));
}

async function importSigningKey(shared: boolean, bytes: Bytes): Promise<SigningKey> {
  if (shared) {
    return { version: 'v1', signs: await crypto.subtle.importKey('raw', bytes, HMAC, false, ['sign']) };
  }
  const secret = bytes.slice(0, ED25519_BYTES);
  const publicHalf = bytes.slice(ED25519_BYTES);
  if (publicHalf.byteLength > 0 && toBase64(await publicOf(secret)) !== toBase64(publicHalf)) {
    throw new TypeError('The two halves of a whsk_ key do not belong together; copy the key anew.');
  }
  return { version: 'v1a', signs: await importSecret(secret, false) };
}

async function importVerifyingKey(shared: boolean, bytes: Bytes): Promise<VerifyingKey> {
  if (shared) {
    return { version: 'v1', verifies: await crypto.subtle.importKey('raw', bytes, HMAC, false, ['sign']) };
  }
  const key = await crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']);
  return { version: 'v1a', verifies: key };
}

function importSecret(secret: Bytes, extractable: boolean): Promise<CryptoKey> {
  const document = new Uint8Array([...PKCS8_PREFIX, ...secret]);
  return crypto.subtle.importKey('pkcs8', document, 'Ed25519', extractable, ['sign']);
}

/** WebCrypto shows the public half of a secret key as `x` of its JWK (RFC 8037), in base64url. */
async function publicOf(secret: Bytes): Promise<Bytes> {
  const { x = '' } = await crypto.subtle.exportKey('jwk', await importSecret(secret, true));
  return fromBase64(`${x.replaceAll('-', '+').replaceAll('_', '/')}=`) ?? new Uint8Array();
}

/** A new key. `secret` stays with the sender; the receiver verifies with the same text (`v1`) or with `public` (`v1a`). */
export type GeneratedKey =
  | { readonly version: 'v1'; readonly secret: string }
  | { readonly version: 'v1a'; readonly secret: string; readonly public: string };

/** Makes a key of 32 random bytes: `whsec_` for `v1`, a pair of `whsk_` and `whpk_` for `v1a`. */
export async function generateSigningKey(version: SignatureVersion): Promise<GeneratedKey> {
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES.made));
  if (version === 'v1') return { version, secret: `whsec_${toBase64(secret)}` };
  return {
    version,
    secret: `whsk_${toBase64(secret)}`,
    public: `whpk_${toBase64(await publicOf(secret))}`,
  };
}
