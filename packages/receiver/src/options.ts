import { DIALECTS, type Dialect } from './dialects/dialect.ts';

/** What a request is checked against. */
export interface VerifyOptions {
  /** SDKAppID that the URL must carry; required unless `dialects` is `['openim']`. */
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
  /** Dialects that are understood; default both. */
  readonly dialects?: readonly Dialect[] | undefined;
  /** How far `RequestTime` may lie from now, either way, in seconds; default 60 (tencent-webhooks A.3). */
  readonly windowSeconds?: number | undefined;
  /** Longest body in bytes; default 262,144 (a message is at most about 12 kB, member lists can be longer). */
  readonly maxBodyBytes?: number | undefined;
  /** Unix time in milliseconds; default the machine's. */
  readonly now?: (() => number) | undefined;
}

/** Options, complete and checked. */
export interface VerifyRules {
  readonly sdkAppId: number | undefined;
  readonly authTokens: readonly string[];
  readonly openImSecret: string | undefined;
  readonly dialects: readonly Dialect[];
  readonly windowSeconds: number;
  readonly maxBodyBytes: number;
  readonly now: () => number;
}

const KNOWN: readonly (keyof VerifyOptions)[] = [
  'sdkAppId',
  'authToken',
  'openImSecret',
  'dialects',
  'windowSeconds',
  'maxBodyBytes',
  'now',
];

const DEFAULT_WINDOW_SECONDS = 60;
const DEFAULT_MAX_BODY_BYTES = 262_144;

/** Partial in, complete out. Throws a `TypeError` that names the option and what it should be. */
export function verifyRules(options: VerifyOptions, alsoKnown: readonly string[] = []): VerifyRules {
  refuseUnknown(options, [...KNOWN, ...alsoKnown]);
  const { sdkAppId, authToken, openImSecret } = options;
  const dialects = [...new Set(options.dialects ?? DIALECTS)];
  if (dialects.length === 0 || dialects.some((dialect) => !DIALECTS.includes(dialect))) {
    throw new TypeError(`dialects must name at least one of ${DIALECTS.join(', ')}.`);
  }
  if (
    sdkAppId === undefined ? dialects.includes('tencent') : !Number.isSafeInteger(sdkAppId) || sdkAppId < 1
  ) {
    throw new TypeError(
      "sdkAppId must be your app's SDKAppID, a whole number above 0; only dialects: ['openim'] needs none.",
    );
  }
  if (openImSecret !== undefined && !/^[A-Za-z0-9._~-]{16,}$/.test(openImSecret)) {
    throw new TypeError(
      'openImSecret must be 16 or more letters, digits, dots, hyphens, underscores or tildes.',
    );
  }
  const authTokens = authToken === undefined ? [] : typeof authToken === 'string' ? [authToken] : authToken;
  if (authToken !== undefined && (authTokens.length === 0 || authTokens.some((token) => token === ''))) {
    throw new TypeError('authToken must not be empty; leave it out to accept unsigned requests.');
  }
  return {
    sdkAppId,
    authTokens,
    openImSecret,
    dialects,
    windowSeconds: wholeNumber('windowSeconds', options.windowSeconds, DEFAULT_WINDOW_SECONDS),
    maxBodyBytes: wholeNumber('maxBodyBytes', options.maxBodyBytes, DEFAULT_MAX_BODY_BYTES),
    now: options.now ?? (() => Date.now()),
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
