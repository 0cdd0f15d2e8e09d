import type { EndpointSettings } from '../domain/endpoint.ts';
import type { SenderOptions } from './sender.ts';

export type ConnectionSettings = Pick<
  SenderOptions,
  'allowPrivateNetwork' | 'allowPlainHttp' | 'concurrency' | 'timeoutMs' | 'tls'
>;

/** What an endpoint says about its connections, alike for what it is told and for what it is asked. */
export function connectionSettings(settings: EndpointSettings): ConnectionSettings {
  const { allowPrivateNetwork, allowPlainHttp = false, concurrency, timeoutMs, tls } = settings;
  return {
    allowPrivateNetwork,
    allowPlainHttp,
    concurrency,
    timeoutMs,
    ...(tls !== undefined && { tls }),
  };
}
