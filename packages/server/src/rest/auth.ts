import { errorByCode, verifyUserSig } from '@confab-im/protocol';
import { BoundedMap } from '../base/bounded-map.ts';
import type { Clock } from '../base/clock.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { Sessions } from '../domain/sessions.ts';
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

/** So often it is looked up whether a remembered UserSig was invalidated, maybe by another process. */
const RECHECK_SECONDS = 60;

interface Remembered {
  readonly identity: Identity;
  /** Unix seconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  recheckAt: number;
}

/**
 * Who calls: the app by `sdkappid`, the admin by `identifier` and his UserSig. The order of checks and their codes are those
 * of tencent-rest-types-errors F.10 and F.2, with 60004 only for what is missing (tencent-rest G.1 no. 38).
 */
export class Authenticator implements Sessions {
  readonly #apps: ReadonlyMap<string, RestApp>;
  readonly #clock: Clock;
  readonly #sigsFrom: (app: number, userId: string) => Promise<number>;
  readonly #failures: AuthFailures;
  /** By the whole text of the UserSig, so that a text that differs anywhere is verified anew. */
  readonly #remembered = new BoundedMap<string, Remembered>(MAX_REMEMBERED);

  /** `sigsFrom`: unix seconds before which UserSigs of the account count no more; 0 when all do. */
  constructor(
    apps: readonly RestApp[],
    clock: Clock,
    sigsFrom: (app: number, userId: string) => Promise<number>,
  ) {
    this.#sigsFrom = sigsFrom;
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
    const remembered = this.#recall(app, identifier, userSig);
    if (remembered === undefined) return this.#verify(app, identifier, userSig, clientIp);
    if (this.#seconds() < remembered.recheckAt) return remembered.identity;
    remembered.recheckAt = this.#seconds() + RECHECK_SECONDS;
    return (await this.#revoked(remembered.identity, remembered.issuedAt)) ?? remembered.identity;
  }

  end(app: number, userId: string): void {
    for (const [userSig, { identity }] of [...this.#remembered.entries()]) {
      if (identity.app.sdkAppId === app && identity.identifier === userId) this.#remembered.delete(userSig);
    }
  }

  #recall(app: RestApp, identifier: string, userSig: string): Remembered | undefined {
    const remembered = this.#remembered.get(userSig);
    if (remembered === undefined) return undefined;
    const { identity, expiresAt } = remembered;
    const holds = identity.app === app && identity.identifier === identifier;
    return holds && this.#seconds() < expiresAt ? remembered : undefined;
  }

  /** Why a UserSig made then counts no more; what was remembered of the account is forgotten with it. */
  async #revoked({ app, identifier }: Identity, issuedAt: number): Promise<Refusal | undefined> {
    if (issuedAt >= (await this.#sigsFrom(app.sdkAppId, identifier))) return undefined;
    this.end(app.sdkAppId, identifier);
    return refuse(
      'USERSIG_REVOKED',
      'This UserSig was made before those of the account were invalidated; make a new one',
    );
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
    const { issuedAt, expiresAt } = verified;
    const revoked = await this.#revoked(identity, issuedAt);
    if (revoked !== undefined) return revoked;
    const recheckAt = this.#seconds() + RECHECK_SECONDS;
    this.#remembered.set(userSig, { identity, issuedAt, expiresAt, recheckAt });
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
