import { errorByCode, verifyUserSig } from '@confab-im/protocol';
import { BoundedMap } from '../base/bounded-map.ts';
import type { Clock } from '../base/clock.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { AuthFailures } from './auth-failures.ts';

/** What authentication knows of an app. */
export interface RestApp {
  readonly sdkAppId: number;
  readonly secretKeys: readonly string[];
  readonly admins: readonly string[];
}

export interface Identity {
  readonly kind: 'identity';
  readonly app: RestApp;
  /** The admin who calls. */
  readonly identifier: string;
}

/** Verified UserSigs of admins remembered at a time, at most 4 KB each: verifying costs about 100 µs, remembering 1. */
const MAX_REMEMBERED = 1_000;

interface Remembered {
  readonly identity: Identity;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/**
 * Who calls: the app by `sdkappid`, the admin by `identifier` and his UserSig. The order of checks and their codes are those
 * of tencent-rest-types-errors F.10 and F.2, with 60004 only for what is missing (tencent-rest G.1 no. 38).
 */
export class Authenticator {
  readonly #apps: ReadonlyMap<string, RestApp>;
  readonly #clock: Clock;
  readonly #failures: AuthFailures;
  /** By the whole text of the UserSig, so that a text that differs anywhere is verified anew. */
  readonly #remembered = new BoundedMap<string, Remembered>(MAX_REMEMBERED);

  constructor(apps: readonly RestApp[], clock: Clock) {
    this.#apps = new Map(apps.map((app) => [String(app.sdkAppId), app]));
    this.#clock = clock;
    this.#failures = new AuthFailures(clock);
  }

  async authenticate(query: URLSearchParams, clientIp: string): Promise<Identity | Refusal> {
    const sdkAppId = query.get('sdkappid');
    if (sdkAppId === null || sdkAppId === '') {
      return refuse('SDKAPPID_MISSING', 'sdkappid is missing from the URL; add the SDKAppID of your app');
    }
    const app = this.#apps.get(sdkAppId);
    if (app === undefined) {
      return refuse(
        'SDKAPPID_INVALID',
        `sdkappid "${excerpt(sdkAppId)}" is no app of this server; check the number`,
      );
    }
    const identifier = query.get('identifier');
    const userSig = query.get('usersig');
    if (identifier === null || identifier === '') {
      return refuse('ACCOUNT_INVALID', 'identifier is missing from the URL; name an admin of the app');
    }
    if (userSig === null) {
      return refuse(
        'ACCOUNT_INVALID',
        'usersig is missing from the URL; add a UserSig made for the identifier',
      );
    }
    return this.#recall(app, identifier, userSig) ?? this.#verify(app, identifier, userSig, clientIp);
  }

  #recall(app: RestApp, identifier: string, userSig: string): Identity | undefined {
    const remembered = this.#remembered.get(userSig);
    if (remembered === undefined) return undefined;
    const { identity, expiresAt } = remembered;
    const holds = identity.app === app && identity.identifier === identifier;
    return holds && this.#seconds() < expiresAt ? identity : undefined;
  }

  async #verify(
    app: RestApp,
    identifier: string,
    userSig: string,
    clientIp: string,
  ): Promise<Identity | Refusal> {
    const caller = `${app.sdkAppId}/${clientIp}/${excerpt(identifier)}`;
    if (this.#failures.blocked(caller)) {
      return refuse(
        'TOO_MANY_AUTH_FAILURES',
        'Too many UserSigs of this identifier were refused; wait a minute',
      );
    }
    const verified = await verifyUserSig(userSig, {
      sdkAppId: app.sdkAppId,
      userId: identifier,
      keys: app.secretKeys,
      now: this.#seconds(),
    });
    if (!verified.ok) {
      this.#failures.record(caller);
      return refuse(errorByCode(verified.code)?.name ?? 'USERSIG_INVALID', verified.reason);
    }
    if (!app.admins.includes(identifier)) {
      return refuse(
        'NOT_ADMIN',
        `"${excerpt(identifier)}" is no admin of the app; list it under admins, or call with one`,
      );
    }
    const identity: Identity = { kind: 'identity', app, identifier };
    this.#remembered.set(userSig, { identity, expiresAt: verified.expiresAt });
    return identity;
  }

  #seconds(): number {
    return Math.floor(this.#clock.now() / 1000);
  }
}

/** Text of strangers, short enough for an answer, a log line or a key. */
function excerpt(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
