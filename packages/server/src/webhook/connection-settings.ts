import type { EndpointSettings } from '../domain/endpoint.ts';
import { routeOf, type WebhookProxy } from '../domain/proxy.ts';
import type { SenderOptions } from './sender.ts';

export type ConnectionSettings = Pick<
  SenderOptions,
  'allowPrivateNetwork' | 'allowPlainHttp' | 'concurrency' | 'timeoutMs' | 'tls' | 'route'
>;

/** What an endpoint says about its connections, alike for what it is told and for what it is asked. */
export function connectionSettings(
  settings: EndpointSettings,
  proxies: readonly WebhookProxy[] = [],
): ConnectionSettings {
  const { allowPrivateNetwork, allowPlainHttp = false, concurrency, timeoutMs, tls } = settings;
  return {
    allowPrivateNetwork,
    allowPlainHttp,
    concurrency,
    timeoutMs,
    route: routeOf(settings.proxy, proxies),
    ...(tls !== undefined && { tls }),
  };
}
