import { isIP } from 'node:net';
import { type ConnectionOptions, createSecureContext, type SecureContext } from 'node:tls';
import type { Clock } from '../base/clock.ts';
import { type ClientTls, expiryProblem } from '../domain/client-tls.ts';
import { type Cause, ConnectFailure } from './sender-outcome.ts';

/** What every TLS connection of an endpoint shares, made once and only when there is one to make. */
export class TlsContext {
  readonly #settings: ClientTls;
  readonly #clock: Clock;
  #context: SecureContext | undefined;

  constructor(settings: ClientTls, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /**
   * The options of a connection to this host. `rejectUnauthorized` stands here so that no environment variable
   * (`NODE_TLS_REJECT_UNAUTHORIZED`) turns the verification of the receiver off.
   *
   * Throws `ConnectFailure` when the certificates cannot be used. An expired one is not shown at all: receivers tell its refusal
   * in many ways, some of them not to be told from a broken connection.
   */
  options(host: string): ConnectionOptions {
    const expired = expiryProblem(this.#settings, this.#clock.now());
    if (expired !== undefined) throw failure('CLIENT_CERT_EXPIRED', `No attempt was made: ${expired}.`);
    // SNI takes names only, without the final dot (RFC 6066 section 3).
    const servername = this.#settings.servername ?? (isIP(host) === 0 ? host.replace(/\.$/, '') : undefined);
    return {
      secureContext: this.#secureContext(),
      rejectUnauthorized: true,
      ALPNProtocols: ['http/1.1'],
      ...(servername !== undefined && { servername }),
    };
  }

  #secureContext(): SecureContext {
    const { ca, cert, key } = this.#settings;
    try {
      this.#context ??= createSecureContext({
        minVersion: 'TLSv1.2',
        ...(ca !== undefined && { ca }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key }),
      });
      return this.#context;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw failure(
        'CLIENT_CERT_UNUSABLE',
        `The certificates of this endpoint (tls) cannot be used: ${why}.`,
      );
    }
  }
}

function failure(code: string, message: string): ConnectFailure {
  const cause: Cause = { stage: 'tls', code, message };
  return new ConnectFailure(cause);
}
