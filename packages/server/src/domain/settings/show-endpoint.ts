import type { ClientTls } from '../client-tls.ts';
import type { EndpointSettings } from '../endpoint.ts';
import { MASK } from '../mask.ts';
import { showEvents } from './events.ts';
import type { Problem } from './problem.ts';
import { showStart } from './start.ts';

export { MASK } from '../mask.ts';

/** An endpoint as one writes it, secrets masked: what `parseEndpoint` reads once `unmask` has put the secrets back. */
export function showEndpoint(settings: EndpointSettings): Record<string, unknown> {
  return {
    ...settings,
    events: showEvents(settings.events, settings.dialect),
    start: showStart(settings.start),
    headers: Object.fromEntries(Object.keys(settings.headers).map((name) => [name, MASK])),
    ...(settings.authToken !== undefined && { authToken: MASK }),
    ...(settings.signingKeys !== undefined && { signingKeys: settings.signingKeys.map(() => MASK) }),
    ...(settings.tls !== undefined && { tls: maskKey(settings.tls) }),
  };
}

/** Whether there is anything to hide. */
export function hasSecrets(settings: EndpointSettings): boolean {
  return JSON.stringify(showEndpoint(settings)).includes(`"${MASK}"`);
}

function maskKey(tls: ClientTls): ClientTls {
  return tls.key === undefined ? tls : { ...tls, key: MASK };
}

/**
 * Puts the stored secrets where the mask stands; of signing keys the one at the same place. A mask without a stored value stays, and every
 * mask when the origin of `url` is another: who may not see a secret must not have it sent to an address of his own either.
 */
export function unmask(settings: EndpointSettings, stored: EndpointSettings): EndpointSettings {
  if (movedFrom(settings, stored) !== undefined) return settings;
  const headers = Object.entries(settings.headers).map(([name, value]) => [
    name,
    value === MASK ? storedHeader(stored, name) : value,
  ]);
  const authToken = settings.authToken === MASK ? (stored.authToken ?? MASK) : settings.authToken;
  const signingKeys = settings.signingKeys?.map((key, index) =>
    key === MASK ? (stored.signingKeys?.[index] ?? MASK) : key,
  );
  return {
    ...settings,
    headers: Object.fromEntries(headers),
    ...(authToken !== undefined && { authToken }),
    ...(signingKeys !== undefined && { signingKeys }),
    ...(settings.tls?.key === MASK && { tls: { ...settings.tls, key: stored.tls?.key ?? MASK } }),
  };
}

/** The origin that the stored secrets are for, when `settings` lead to another. */
function movedFrom({ url }: EndpointSettings, stored: EndpointSettings | undefined): string | undefined {
  const before = stored && new URL(stored.url).origin;
  return before === new URL(url).origin ? undefined : before;
}

function storedHeader({ headers }: EndpointSettings, name: string): string {
  return (Object.hasOwn(headers, name) ? headers[name] : undefined) ?? MASK;
}

/** Masks that stand for nothing: the caller meant a value that was never stored, or one that is `stored` for another origin. */
export function maskProblems(settings: EndpointSettings, stored?: EndpointSettings): readonly Problem[] {
  const origin = movedFrom(settings, stored);
  const why =
    origin === undefined
      ? 'but no value is stored that it could stand for'
      : `which stands for the stored value only while url leads to ${origin}`;
  const message = `is the mask ${MASK}, ${why}; write the secret itself`;
  const problems: Problem[] = settings.authToken === MASK ? [{ path: ['authToken'], message }] : [];
  if (settings.tls?.key === MASK) problems.push({ path: ['tls', 'key'], message });
  for (const [name, value] of Object.entries(settings.headers)) {
    if (value === MASK) problems.push({ path: ['headers', name], message });
  }
  for (const [index, key] of settings.signingKeys?.entries() ?? []) {
    if (key === MASK) problems.push({ path: ['signingKeys', index], message });
  }
  return problems;
}
