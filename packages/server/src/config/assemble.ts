import type { WebhookProxy } from '../domain/proxy.ts';
import type { AppRetention } from '../domain/retention.ts';
import { endpointSettings } from '../domain/settings/parse-endpoint.ts';
import type { Config } from './config.ts';
import type { WrittenConfig } from './schema.ts';

/** From the shape that people write to the shape that the server uses. */
export function assemble(written: WrittenConfig): Omit<Config, 'certificateFiles'> {
  const {
    listen,
    tls,
    trustedProxies,
    store,
    secretsKey,
    proxies,
    admin,
    limits,
    delivery,
    retention,
    cluster,
    log,
    tracing,
    apps,
  } = written;
  const { requestsPerSecond, bodyBytes, dedupWindow, ...rules } = limits;
  return {
    listen,
    ...(tls !== undefined && { tls }),
    trustedProxies,
    store,
    secretsKeys: secretsKey,
    proxies: proxies.map(webhookProxy),
    admin,
    limits: { requestsPerSecond, bodyBytes },
    rules: { ...rules, dedupWindowMs: dedupWindow },
    delivery,
    retention: {
      messagesMs: retention.messages,
      replayMs: retention.replay,
      ...(apps.some((app) => app.retention !== undefined) && { apps: apps.flatMap(appRetention) }),
    },
    cluster: nodeConfig(cluster),
    log,
    ...(tracing !== undefined && { tracing: collector(tracing) }),
    apps: apps.map(({ retention: _own, ...app }) => ({
      ...app,
      endpoints: app.endpoints.map(endpointSettings),
    })),
  };
}

function appRetention({ sdkAppId: app, retention }: WrittenConfig['apps'][number]): AppRetention[] {
  if (retention === undefined) return [];
  const { messages, groups } = retention;
  return [
    {
      app,
      ...(messages !== undefined && { messagesMs: messages }),
      ...(groups !== undefined && {
        groups: groups.map((own) => ({ groupIds: own.groups, messagesMs: own.messages })),
      }),
    },
  ];
}

function nodeConfig({ role, node, lease, poll, notices }: WrittenConfig['cluster']): Config['cluster'] {
  return { role, leaseMs: lease, pollMs: poll, notices, ...(node !== undefined && { node }) };
}

function collector({
  endpoint: url,
  ...rest
}: NonNullable<WrittenConfig['tracing']>): NonNullable<Config['tracing']> {
  return { url, ...rest };
}

function webhookProxy({ url, username, password, ...proxy }: WrittenConfig['proxies'][number]): WebhookProxy {
  const credentials = Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64');
  const authorization = username === undefined ? undefined : `Basic ${credentials}`;
  return { ...proxy, ...url, ...(authorization !== undefined && { authorization }) };
}
