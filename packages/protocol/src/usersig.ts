import Type from 'typebox';
import { type Bytes, deflate, fromBase64, inflate, toBase64, utf8, utf8Text } from './bytes.ts';
import { compileCheck } from './check.ts';
import { parseJson } from './json.ts';

/** A real UserSig has about 250 characters, with the largest userbuf about 600. */
const MAX_SIG_LENGTH = 4096;
const MAX_DOCUMENT_BYTES = 8192;

const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/** No line feed may stand in a signed text: it would let one document's lines pass for another's. */
const ONE_LINE = '^[^\\n\\r]+$';
const BASE64 = '^[A-Za-z0-9+/]*={0,2}$';

/** The document inside a UserSig. Source: tencent-rest A.4. */
export const UserSigDoc = Type.Object({
  'TLS.ver': Type.Literal('2.0', { description: 'Version of the scheme' }),
  'TLS.identifier': Type.String({ pattern: ONE_LINE, description: 'UserID it was made for' }),
  'TLS.sdkappid': Type.Integer({ minimum: 0, description: 'SDKAppID it was made for' }),
  'TLS.expire': Type.Integer({ minimum: 0, description: 'Validity in seconds' }),
  'TLS.time': Type.Integer({ minimum: 0, description: 'Time of making, unix seconds' }),
  'TLS.userbuf': Type.Optional(Type.String({ pattern: BASE64, description: 'Opaque bytes, base64' })),
  'TLS.sig': Type.String({ pattern: BASE64, description: 'HMAC-SHA256 over the other values, base64' }),
});
export type UserSigDoc = Type.Static<typeof UserSigDoc>;

const checkDocument = compileCheck(UserSigDoc);

export interface UserSigParts {
  readonly sdkAppId: number;
  readonly userId: string;
  /** The app's secret key; its UTF-8 bytes are the HMAC key. */
  readonly key: string;
  /** Unix seconds. */
  readonly now: number;
  readonly expireSeconds: number;
  /** Signed along; only private-map keys of real-time audio and video use it. */
  readonly userBuf?: Uint8Array;
}

/** Makes a UserSig. Source: tencent-rest A.4. Throws a `RangeError` that names the part no verifier would accept. */
export async function makeUserSig(parts: UserSigParts): Promise<string> {
  const { sdkAppId, userId, key, now, expireSeconds, userBuf } = parts;
  const unsigned: UserSigDoc = {
    'TLS.ver': '2.0',
    'TLS.identifier': userId,
    'TLS.sdkappid': sdkAppId,
    'TLS.expire': expireSeconds,
    'TLS.time': now,
    ...(userBuf && { 'TLS.userbuf': toBase64(new Uint8Array(userBuf)) }),
    'TLS.sig': '',
  };
  const checked = checkDocument(unsigned);
  if (!checked.ok) {
    throw new RangeError(
      `No UserSig can be made of this: ${checked.problems.map((p) => p.message).join('; ')}`,
    );
  }
  const signature = await crypto.subtle.sign(HMAC, await importKey(key, 'sign'), signedBytes(unsigned));
  const document = { ...unsigned, 'TLS.sig': toBase64(new Uint8Array(signature)) };
  const packed = toBase64(await deflate(utf8(JSON.stringify(document))));
  return packed.replaceAll('+', '*').replaceAll('/', '-').replaceAll('=', '_');
}

export type ReadUserSig =
  | { readonly ok: true; readonly doc: UserSigDoc }
  | { readonly ok: false; readonly reason: string };

/** Unpacks a UserSig without believing it: nothing is verified. `reason` is a sentence that says what to do. */
export async function readUserSig(sig: string): Promise<ReadUserSig> {
  if (sig === '')
    return { ok: false, reason: 'The UserSig is empty; make one with the secret key of the app.' };
  if (sig.length > MAX_SIG_LENGTH) {
    return {
      ok: false,
      reason: `The UserSig is over ${MAX_SIG_LENGTH} characters; pass it exactly as it was made.`,
    };
  }
  const packed = /^[A-Za-z0-9*_-]+$/.test(sig)
    ? fromBase64(sig.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '='))
    : undefined;
  if (packed === undefined) {
    const reason =
      'The UserSig is not in its form of base64 (A-Z a-z 0-9 * - _), or was cut short; pass it as made.';
    return { ok: false, reason };
  }
  const bytes = await inflate(packed, MAX_DOCUMENT_BYTES);
  if (bytes === undefined) {
    const reason = `The UserSig does not unpack to at most ${MAX_DOCUMENT_BYTES} bytes: it is damaged; make a new one.`;
    return { ok: false, reason };
  }
  const checked = checkDocument(parseJson(utf8Text(bytes) ?? ''));
  if (checked.ok) return { ok: true, doc: checked.value };
  const problem = checked.problems[0]?.message ?? 'value: not readable';
  return { ok: false, reason: `The UserSig holds no TLS.ver 2.0 document (${problem}); make a new one.` };
}

export interface UserSigExpectation {
  readonly sdkAppId: number;
  readonly userId: string;
  /** The app's secret keys; any of them may have signed. */
  readonly keys: readonly string[];
  /** Unix seconds. */
  readonly now: number;
}

export type VerifiedUserSig =
  | { readonly ok: true; readonly issuedAt: number; readonly expiresAt: number }
  | { readonly ok: false; readonly code: number; readonly reason: string };

/**
 * Verifies a UserSig for one user of one app, in the order of tencent-rest A.4, with the error codes of
 * tencent-rest-types-errors F.2. Times are unix seconds; it is good while `now < expiresAt`.
 */
export async function verifyUserSig(sig: string, expected: UserSigExpectation): Promise<VerifiedUserSig> {
  const read = await readUserSig(sig);
  if (!read.ok) return refused(sig === '' ? 70002 : 70003, read.reason);
  const { doc } = read;
  if (doc['TLS.sdkappid'] !== expected.sdkAppId) {
    return refused(
      70014,
      'The UserSig was made for another app; use the SDKAppID it was made for, or make a new one.',
    );
  }
  if (doc['TLS.identifier'] !== expected.userId) {
    return refused(
      70013,
      'The UserSig was made for another user; make one for the identifier that is sent with it.',
    );
  }
  if (expected.keys.length === 0) {
    return refused(70016, 'The app has no secret key to verify a UserSig with; configure one in secretKeys.');
  }
  const signature = fromBase64(doc['TLS.sig']);
  if (signature?.byteLength !== 32) {
    return refused(70003, 'The signature inside the UserSig is not 32 bytes of base64; make a new one.');
  }
  if (!(await signedByAny(expected.keys, signature, signedBytes(doc)))) {
    return refused(
      70009,
      'The UserSig was changed, or not signed with a secret key of this app; make one with its key.',
    );
  }
  const issuedAt = doc['TLS.time'];
  const expiresAt = issuedAt + doc['TLS.expire'];
  if (expected.now < expiresAt) return { ok: true, issuedAt, expiresAt };
  const ended = new Date(expiresAt * 1000).toISOString();
  return refused(70001, `The UserSig expired at ${ended}; make a new one.`);
}

function refused(code: number, reason: string): VerifiedUserSig {
  return { ok: false, code, reason };
}

async function signedByAny(keys: readonly string[], signature: Bytes, signed: Bytes): Promise<boolean> {
  for (const key of keys) {
    if (await crypto.subtle.verify(HMAC, await importKey(key, 'verify'), signature, signed)) return true;
  }
  return false;
}

function importKey(key: string, usage: 'sign' | 'verify'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', utf8(key), HMAC, false, [usage]);
}

function signedBytes(doc: UserSigDoc): Bytes {
  const lines = ['identifier', 'sdkappid', 'time', 'expire'] as const;
  let text = lines.map((name) => `TLS.${name}:${doc[`TLS.${name}`]}\n`).join('');
  if (doc['TLS.userbuf'] !== undefined) text += `TLS.userbuf:${doc['TLS.userbuf']}\n`;
  return utf8(text);
}
