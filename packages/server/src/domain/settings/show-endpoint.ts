import type { ClientTls } from '../client-tls.ts';
import type { EndpointSettings } from '../endpoint.ts';
import { showEvents } from './events.ts';
import { MASK } from './mask.ts';
import type { Problem } from './problem.ts';
import { showStart } from './start.ts';

export { MASK } from './mask.ts';

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

/** Puts the stored secrets where the mask stands; of signing keys the one at the same place. A mask without a stored value stays. */
export function unmask(settings: EndpointSettings, stored: EndpointSettings): EndpointSettings {
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

function storedHeader({ headers }: EndpointSettings, name: string): string {
  return (Object.hasOwn(headers, name) ? headers[name] : undefined) ?? MASK;
}

/** Masks that stand for nothing: the caller meant a value that was never stored. */
export function maskProblems(settings: EndpointSettings): readonly Problem[] {
  const message = `is the mask ${MASK}, but no value is stored that it could stand for; write the secret itself`;
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
