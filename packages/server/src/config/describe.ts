import type { EndpointSettings } from '../domain/endpoint.ts';
import { formatDuration } from '../domain/settings/duration.ts';
import type { AppConfig, Config } from './config.ts';
import { formatListen, formatStore } from './values.ts';

/** The configuration in a few lines for people, at start-up. Tokens, keys, header values and queries of URLs are left out. */
export function describeConfig(config: Config): string {
  const { limits, rules, retention } = config;
  const scheme = config.tls === undefined ? 'http' : 'https';
  return [
    `listen     ${scheme}://${formatListen(config.listen)}`,
    `store      ${formatStore(config.store)}`,
    `admin      ${list(config.admin.tokens.map(({ name, role }) => `${name} (${role})`)) || 'no token: the admin API answers nobody'}`,
    `limits     ${perSecond(rules.groupMessagesPerSecond, 'messages')} per group (beyond: ${rules.onLimit}), ${perSecond(limits.requestsPerSecond, 'requests')} per app and command`,
    `retention  messages ${kept(retention.messagesMs)}, replay ${kept(retention.replayMs)}`,
    ...config.apps.flatMap(describeApp),
  ].join('\n');
}

function describeApp({ sdkAppId, secretKeys, admins, endpoints }: AppConfig): string[] {
  const keys = secretKeys.length === 1 ? '1 secret key' : `${secretKeys.length} secret keys`;
  return [`app        ${sdkAppId}: ${keys}, admins ${list(admins)}`, ...endpoints.map(describeEndpoint)];
}

function describeEndpoint({
  name,
  url,
  dialect,
  revision,
  authToken,
  signingKeys,
  headers,
}: EndpointSettings): string {
  const { origin, pathname, search } = new URL(url);
  const extras = [
    ...(authToken === undefined && signingKeys === undefined ? [] : ['signed']),
    ...(Object.keys(headers).length === 0 ? [] : [`headers ${list(Object.keys(headers))}`]),
  ];
  return `  endpoint ${name}: ${origin}${pathname}${search === '' ? '' : '?…'} (${[dialect, revision, ...extras].join(', ')})`;
}

function list(items: readonly string[]): string {
  return items.join(', ');
}

function perSecond(limit: number, what: string): string {
  return limit === 0 ? `any number of ${what}/s` : `${limit} ${what}/s`;
}

function kept(ms: number): string {
  return ms === 0 ? 'for ever' : formatDuration(ms);
}
