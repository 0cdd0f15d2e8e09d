import { isDeepStrictEqual } from 'node:util';
import type { Clock, Timer } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { CertificateFiles, PemFiles, ServerTls } from '../domain/certificate-files.ts';
import { type ClientTls, validUntil } from '../domain/client-tls.ts';
import type { Store } from '../store/store.ts';

/** Every file is looked at once in this time. */
const EVERY_MS = 60_000;

export interface CertificateDeps {
  readonly store: Pick<Store, 'commit' | 'endpoints'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** What the server was started with, when that came from files. */
  readonly serverTls?: ServerTls;
  /** Serves new connections with it; throws when it cannot. */
  replaceServerTls(tls: ServerTls): void;
  /** Endpoints have other settings now. */
  endpointsChanged(): void;
}

/** One place of the configuration that names PEM files. */
interface Watched {
  readonly fields: Readonly<Record<string, string | number>>;
  /** The state of the files that was last dealt with. */
  state: string | undefined;
  current(): string;
  /** Reads and uses them; the certificate now in use, undefined when nothing has changed. Throws when they are unfit. */
  renew(): Promise<{ readonly cert?: string } | undefined>;
}

/**
 * Reads certificates and keys again when their files change, so that they can be rotated while everything runs: connections that
 * stand end as they began, new ones use the new certificate. What cannot be used is logged, and the old stays in use. One place
 * is looked at after the other, so that a thousand of them do not hold up anything. `stop()` ends it.
 */
export function watchCertificates(files: CertificateFiles, deps: CertificateDeps): { stop(): void } {
  const { clock, logger } = deps;
  const places = watchedPlaces(deps, files);
  let timer: Timer | undefined;
  let stopped = false;

  async function look(place: Watched): Promise<void> {
    const { fields } = place;
    // Before the reading, so that what changes meanwhile is found the next time.
    const state = place.current();
    if (state === place.state) return;
    try {
      const renewed = await place.renew();
      if (renewed !== undefined) {
        const until = renewed.cert === undefined ? undefined : validUntil(renewed.cert);
        const validTo = until === undefined ? {} : { validUntil: new Date(until).toISOString() };
        logger.info({ ...fields, ...validTo }, 'certificates have changed and are in use');
      }
    } catch (error) {
      if (stopped) return;
      const why = error instanceof Error ? error.message : String(error);
      logger.warn(
        { ...fields, why },
        'certificates have changed but cannot be used; the old ones stay in use',
      );
    }
    place.state = state;
  }

  function next(index: number): void {
    const place = places[index % places.length];
    if (place === undefined) return;
    timer = clock.setTimer(EVERY_MS / places.length, () => {
      void look(place).finally(() => {
        if (!stopped) next(index + 1);
      });
    });
  }

  next(0);
  return {
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}

function watchedPlaces(deps: CertificateDeps, { server, endpoints }: CertificateFiles): Watched[] {
  const places: Watched[] = endpoints.map(({ app, endpoint, files }) => ({
    fields: { app, endpoint },
    state: undefined,
    current: files.state,
    renew: () => renewEndpoint(deps, app, endpoint, files),
  }));
  if (server === undefined) return places;
  let used = deps.serverTls;
  const renew = async () => {
    const tls = readOrThrow(server);
    if (isDeepStrictEqual(tls, used)) return undefined;
    deps.replaceServerTls(tls);
    used = tls;
    return tls;
  };
  return [{ fields: { setting: 'tls' }, state: undefined, current: server.state, renew }, ...places];
}

async function renewEndpoint(
  { store, clock, endpointsChanged }: CertificateDeps,
  app: number,
  name: string,
  files: PemFiles<ClientTls>,
): Promise<ClientTls | undefined> {
  const tls = readOrThrow(files);
  const endpoints = await store.endpoints();
  const existing = endpoints.find((one) => one.app === app && one.settings.name === name);
  if (existing?.source !== 'config' || isDeepStrictEqual(existing.settings.tls, tls)) return undefined;
  const settings = { ...existing.settings, tls };
  const result = await store.commit({
    type: 'putEndpoint',
    now: clock.now(),
    app,
    settings,
    source: 'config',
  });
  if (result.kind === 'refused') throw new Error(result.why);
  endpointsChanged();
  return tls;
}

function readOrThrow<T extends object>(files: PemFiles<T>): T {
  const read = files.read();
  if ('why' in read) throw new Error(read.why);
  return read;
}
