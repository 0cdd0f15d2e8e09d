import { expiryProblem } from '../domain/client-tls.ts';
import type { EndpointSettings } from '../domain/endpoint.ts';
import { PLAIN_HTTP_REMEDY, plainHttpProblem } from '../domain/plain-http.ts';
import { routeOf, type WebhookProxy } from '../domain/proxy.ts';
import { checkTarget } from './guard.ts';

/**
 * Why webhooks will not get through to this endpoint at `now` (unix ms), as far as its settings tell: one sentence each, none when all is well.
 * Such an endpoint is no mistake in form, and its events wait; but nobody should have to find it out from the first failed attempt.
 */
export function foreseenTrouble(
  settings: EndpointSettings,
  now: number,
  proxies: readonly WebhookProxy[] = [],
): string[] {
  const url = new URL(settings.url);
  const judgement = checkTarget(url, settings.allowPrivateNetwork);
  const expired = settings.tls && expiryProblem(settings.tls, now);
  const route = routeOf(settings.proxy, proxies);
  const plain = plainHttpProblem(url, settings);
  return [
    ...(judgement.ok ? [] : [`its URL leads to ${judgement.why}`]),
    ...(plain === undefined ? [] : [`its URL ${plain}; ${PLAIN_HTTP_REMEDY}`]),
    ...(route.kind === 'missing' ? [`the configuration has no proxy "${route.name}"`] : []),
    ...(expired === undefined ? [] : [expired]),
  ];
}
