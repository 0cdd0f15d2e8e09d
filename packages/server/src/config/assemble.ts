import { endpointSettings } from '../domain/settings/parse-endpoint.ts';
import type { Config } from './config.ts';
import type { WrittenConfig } from './schema.ts';

/** From the shape that people write to the shape that the server uses. */
export function assemble(written: WrittenConfig): Config {
  const { listen, tls, trustedProxies, store, secretsKey, admin, limits, delivery, retention, log, apps } =
    written;
  const { requestsPerSecond, bodyBytes, dedupWindow, ...rules } = limits;
  return {
    listen,
    ...(tls !== undefined && { tls }),
    trustedProxies,
    store,
    secretsKeys: secretsKey,
    admin,
    limits: { requestsPerSecond, bodyBytes },
    rules: { ...rules, dedupWindowMs: dedupWindow },
    delivery,
    retention: { messagesMs: retention.messages, replayMs: retention.replay },
    log,
    apps: apps.map((app) => ({ ...app, endpoints: app.endpoints.map(endpointSettings) })),
  };
}
