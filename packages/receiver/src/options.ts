import {
  importVerifyingKeys,
  MAX_LIVE_KEYS,
  STANDARD_BATCH_MAX_BYTES,
  type VerifyingKey,
  verifyingKeyProblem,
} from '@confab-im/protocol';
import { DIALECTS, type Dialect } from './dialects/dialect.ts';

/** What a request is checked against. */
export interface VerifyOptions {
  /** SDKAppID that the request must be of; required while `dialects` has `tencent`. */
  readonly sdkAppId?: number | undefined;
  /**
   * The token of the webhook settings, or several while one replaces the other. When given, every request must carry a valid
   * `Sign` and `RequestTime`, whichever its dialect: otherwise anybody could leave them out by posing as OpenIM.
   */
  readonly authToken?: string | readonly string[] | undefined;
  /**
   * OpenIM signs nothing (openim A.2). A request in its dialect that has this text as a segment of its path is taken without
   * `Sign`; when given, one that has neither is refused. 16 or more of `A-Z a-z 0-9 . _ ~ -`.
   */
  readonly openImSecret?: string | undefined;
  /**
   * Keys of Standard Webhooks that Confab signs with, `whsec_…` or `whpk_…`; several while one replaces the other, at most 8.
   * When given, every request must carry a valid signature over its body, whichever its dialect (see `requireSignature`); such a
   * request needs no `Sign` and no secret path. The dialect `standard` is understood with them only.
   */
  readonly signingKeys?: string | readonly string[] | undefined;
  /**
   * `false`: a request of the Tencent or OpenIM dialect may come without a signature, as those of the real services do, and is
   * then judged by `authToken` and `openImSecret` alone. Default `true`; only with `signingKeys`.
   */
  readonly requireSignature?: boolean | undefined;
  /** How far `webhook-timestamp` may lie from now, either way, in seconds; default 300. */
  readonly toleranceSeconds?: number | undefined;
  /** The id of the endpoint that requests of the dialect `standard` must be for; default any. */
  readonly endpoint?: string | undefined;
  /** Dialects that are understood; default all, without `signingKeys` all but `standard`. */
  readonly dialects?: readonly Dialect[] | undefined;
  /** How far `RequestTime` may lie from now, either way, in seconds; default 60 (tencent-webhooks A.3). */
  readonly windowSeconds?: number | undefined;
  /** Longest body in bytes; default 262,144, the most that a batch has (a message is at most about 12 kB). */
  readonly maxBodyBytes?: number | undefined;
  /** Unix time in milliseconds; default the machine's. */
  readonly now?: (() => number) | undefined;
}

/** Options, complete and checked. */
export interface VerifyRules {
  readonly sdkAppId: number | undefined;
  readonly authTokens: readonly string[];
  readonly openImSecret: string | undefined;
  /** Made at the first call; undefined when no keys were given. */
  readonly keys: (() => Promise<readonly VerifyingKey[]>) | undefined;
  readonly requireSignature: boolean;
  readonly toleranceSeconds: number;
  readonly endpoint: string | undefined;
  readonly dialects: readonly Dialect[];
  readonly windowSeconds: number;
  readonly maxBodyBytes: number;
  readonly now: () => number;
}

const KNOWN: readonly (keyof VerifyOptions)[] = [
  'sdkAppId',
  'authToken',
  'openImSecret',
  'signingKeys',
  'requireSignature',
  'toleranceSeconds',
  'endpoint',
  'dialects',
  'windowSeconds',
  'maxBodyBytes',
  'now',
];

const DEFAULT_WINDOW_SECONDS = 60;
const DEFAULT_TOLERANCE_SECONDS = 300;
const DEFAULT_MAX_BODY_BYTES = STANDARD_BATCH_MAX_BYTES;

/** Partial in, complete out. Throws a `TypeError` that names the option and what it should be. */
export function verifyRules(options: VerifyOptions, alsoKnown: readonly string[] = []): VerifyRules {
  refuseUnknown(options, [...KNOWN, ...alsoKnown]);
  const { openImSecret, requireSignature, endpoint } = options;
  const keyTexts = listOf('signingKeys', options.signingKeys);
  const dialects = dialectsOf(options.dialects, keyTexts.length > 0);
  if (openImSecret !== undefined && !/^[A-Za-z0-9._~-]{16,}$/.test(openImSecret)) {
    throw new TypeError(
      'openImSecret must be 16 or more letters, digits, dots, hyphens, underscores or tildes.',
    );
  }
  if (requireSignature !== undefined && keyTexts.length === 0) {
    throw new TypeError('requireSignature needs signingKeys to verify with; give those too.');
  }
  if (endpoint !== undefined && !dialects.includes('standard')) {
    throw new TypeError(
      "endpoint is told in the dialect 'standard' only; give signingKeys and that dialect.",
    );
  }
  return {
    sdkAppId: sdkAppIdOf(options.sdkAppId, dialects),
    authTokens: listOf('authToken', options.authToken),
    openImSecret,
    keys: keysOf(keyTexts),
    requireSignature: requireSignature ?? keyTexts.length > 0,
    toleranceSeconds: wholeNumber('toleranceSeconds', options.toleranceSeconds, DEFAULT_TOLERANCE_SECONDS),
    endpoint,
    dialects,
    windowSeconds: wholeNumber('windowSeconds', options.windowSeconds, DEFAULT_WINDOW_SECONDS),
    maxBodyBytes: wholeNumber('maxBodyBytes', options.maxBodyBytes, DEFAULT_MAX_BODY_BYTES),
    now: options.now ?? (() => Date.now()),
  };
}

function dialectsOf(given: readonly Dialect[] | undefined, withKeys: boolean): readonly Dialect[] {
  const dialects = [...new Set(given ?? DIALECTS.filter((dialect) => withKeys || dialect !== 'standard'))];
  if (dialects.length === 0 || dialects.some((dialect) => !DIALECTS.includes(dialect))) {
    throw new TypeError(`dialects must name at least one of ${DIALECTS.join(', ')}.`);
  }
  if (!withKeys && dialects.includes('standard')) {
    throw new TypeError("The dialect 'standard' is always signed; give signingKeys to verify it with.");
  }
  return dialects;
}

function sdkAppIdOf(sdkAppId: number | undefined, dialects: readonly Dialect[]): number | undefined {
  if (
    sdkAppId === undefined ? dialects.includes('tencent') : !Number.isSafeInteger(sdkAppId) || sdkAppId < 1
  ) {
    throw new TypeError(
      "sdkAppId must be your app's SDKAppID, a whole number above 0; only dialects without 'tencent' need none.",
    );
  }
  return sdkAppId;
}

/** One text or several; none when the option is left out, and never an empty one: it would switch a check off. */
function listOf(name: string, given: string | readonly string[] | undefined): readonly string[] {
  if (given === undefined) return [];
  const texts = typeof given === 'string' ? [given] : given;
  if (texts.length === 0 || texts.some((text) => text === '')) {
    throw new TypeError(`${name} must not be empty; leave it out to do without.`);
  }
  return texts;
}

function keysOf(texts: readonly string[]): VerifyRules['keys'] {
  if (texts.length === 0) return undefined;
  if (texts.length > MAX_LIVE_KEYS) {
    throw new TypeError(`signingKeys has ${texts.length} keys; at most ${MAX_LIVE_KEYS} are live at once.`);
  }
  for (const [index, text] of texts.entries()) {
    const problem = verifyingKeyProblem(text);
    if (problem !== undefined) throw new TypeError(`signingKeys[${index}] cannot be used. ${problem}`);
  }
  let keys: Promise<readonly VerifyingKey[]> | undefined;
  return () => {
    keys ??= importVerifyingKeys(texts);
    return keys;
  };
}

/** A whole number above 0, or its default. */
export function wholeNumber(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (!Number.isSafeInteger(value) || value < 1)
    throw new TypeError(`${name} must be a whole number above 0.`);
  return value;
}

/** A misspelt option must not pass in silence: `authTokn` would switch the check of `Sign` off. */
export function refuseUnknown(given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) {
      throw new TypeError(`There is no option ${JSON.stringify(name)}; known are ${known.join(', ')}.`);
    }
  }
}
