import { isDeepStrictEqual } from 'node:util';
import type { Clock } from './base/clock.ts';
import type { Logger } from './base/logger.ts';
import type { Config } from './config/config.ts';
import type { Endpoint, EndpointSettings } from './domain/endpoint.ts';
import { showStart } from './domain/settings/start.ts';
import type { Store } from './store/store.ts';

export interface ApplyDeps {
  readonly store: Pick<Store, 'commit' | 'endpoints'>;
  readonly config: Pick<Config, 'apps'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Makes the configuration true in the store: its admins exist, its endpoints are as the file says. */
export async function applyConfig({ store, config, clock, logger }: ApplyDeps): Promise<void> {
  const now = clock.now();
  const known = await store.endpoints();
  for (const { sdkAppId: app, admins, endpoints: written } of config.apps) {
    const made = known.filter((endpoint) => endpoint.app === app);
    const endpoints = written.map((settings) => withItsStart(settings, made, app, logger));
    await store.commit({ type: 'importAccounts', app, now, accounts: admins.map((userId) => ({ userId })) });
    await store.commit({ type: 'syncEndpoints', app, now, endpoints });
  }
  const configured = new Set(config.apps.map(({ sdkAppId }) => sdkAppId));
  const vanished = known.map(({ app }) => app).filter((app) => !configured.has(app));
  for (const app of new Set(vanished)) await store.commit({ type: 'syncEndpoints', app, now, endpoints: [] });
}

/**
 * Lanes that have begun stay where they are, so an endpoint keeps the start that it was made with, and shows it. A file that says another
 * is told so at each start; `now` says nothing, for it is what a file says that has no `start`.
 */
function withItsStart(
  settings: EndpointSettings,
  made: readonly Endpoint[],
  app: number,
  logger: ApplyDeps['logger'],
): EndpointSettings {
  const { name, start: written } = settings;
  const start = made.find((endpoint) => endpoint.settings.name === name)?.settings.start;
  if (start === undefined || isDeepStrictEqual(start, written)) return settings;
  if (written.at !== 'now') {
    const fields = { app, endpoint: name, start: showStart(start) };
    logger.warn(
      fields,
      'the start of an endpoint has changed, without effect: its lanes have begun; replay instead',
    );
  }
  return { ...settings, start };
}
