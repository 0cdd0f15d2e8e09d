import { isDeepStrictEqual } from 'node:util';
import type { Endpoint, EndpointSettings } from '../domain/endpoint.ts';
import type { ResultMap } from '../store/commands.ts';
import { type Actor, type AdminDeps, audited, type Refused, refused } from './admin.ts';

export async function endpointsOf({ store }: AdminDeps, app: number): Promise<readonly Endpoint[]> {
  const endpoints = await store.endpoints();
  return endpoints.filter((endpoint) => endpoint.app === app);
}

export async function endpointNamed(
  deps: AdminDeps,
  app: number,
  name: string,
): Promise<Endpoint | undefined> {
  const endpoints = await endpointsOf(deps, app);
  return endpoints.find(({ settings }) => settings.name === name);
}

/** Makes an endpoint; its lanes begin where `settings.start` says. */
export async function createEndpoint(
  deps: AdminDeps,
  actor: Actor,
  app: number,
  settings: EndpointSettings,
): Promise<ResultMap['putEndpoint']> {
  if ((await endpointNamed(deps, app, settings.name)) !== undefined) {
    return refused(
      'conflict',
      `app ${app} has an endpoint "${settings.name}" already; change it with PUT, or choose another name`,
    );
  }
  const act = {
    actor,
    action: 'endpoint.create',
    target: `${app}/${settings.name}`,
    detail: `url ${withoutQuery(settings.url)}`,
  };
  return audited(deps, act, () => put(deps, app, settings));
}

/** Changes an endpoint made by the API. Lanes stay where they are. */
export async function changeEndpoint(
  deps: AdminDeps,
  actor: Actor,
  existing: Endpoint,
  settings: EndpointSettings,
): Promise<ResultMap['putEndpoint']> {
  const { app } = existing;
  if (existing.source === 'config') {
    return fromFile(existing, hasVanished(existing) ? 'put it back there, or delete it' : 'change it there');
  }
  const detail = `changed ${changedKeys(existing.settings, settings).join(', ') || 'nothing'}`;
  const act = { actor, action: 'endpoint.change', target: `${app}/${settings.name}`, detail };
  return audited(deps, act, () => put(deps, app, settings));
}

/** One of the file only when it has vanished from there. With undelivered events it is refused unless `force`: then each lane ends as a dead letter. */
export async function deleteEndpoint(
  deps: AdminDeps,
  actor: Actor,
  existing: Endpoint,
  force: boolean,
): Promise<ResultMap['deleteEndpoint']> {
  const { app, settings } = existing;
  if (existing.source === 'config' && !hasVanished(existing)) {
    return fromFile(existing, 'remove it there and restart; then it can be deleted');
  }
  const act = {
    actor,
    action: 'endpoint.delete',
    target: `${app}/${settings.name}`,
    detail: force ? 'with force' : '',
  };
  return audited(deps, act, () =>
    deps.store.commit({ type: 'deleteEndpoint', now: deps.clock.now(), app, name: settings.name, force }),
  );
}

/** Stops or resumes deliveries; what is committed meanwhile waits. Works on endpoints of the file too. */
export async function pauseEndpoint(
  deps: AdminDeps,
  actor: Actor,
  existing: Endpoint,
  paused: boolean,
): Promise<ResultMap['setEndpointPaused']> {
  const { app, settings } = existing;
  if (hasVanished(existing)) {
    return refused(
      'conflict',
      `endpoint "${settings.name}" is paused because it vanished from the configuration file; put it back there, or delete it`,
    );
  }
  const act = {
    actor,
    action: paused ? 'endpoint.pause' : 'endpoint.resume',
    target: `${app}/${settings.name}`,
    detail: '',
  };
  return audited(deps, act, () =>
    deps.store.commit({ type: 'setEndpointPaused', now: deps.clock.now(), app, name: settings.name, paused }),
  );
}

function put(
  { store, clock }: AdminDeps,
  app: number,
  settings: EndpointSettings,
): Promise<ResultMap['putEndpoint']> {
  return store.commit({ type: 'putEndpoint', now: clock.now(), app, settings, source: 'api' });
}

/** It was in the configuration file, and is there no more. */
function hasVanished({ pauseReason }: Endpoint): boolean {
  return pauseReason === 'not-in-config';
}

function fromFile({ settings }: Endpoint, instead: string): Refused {
  return refused(
    'conflict',
    `endpoint "${settings.name}" comes from the configuration file, so it is read-only here; ${instead}`,
  );
}

/** Queries of URLs may carry secrets, and the audit log must not. */
function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function changedKeys(before: EndpointSettings, after: EndpointSettings): string[] {
  const old = new Map<string, unknown>(Object.entries(before));
  const now = new Map<string, unknown>(Object.entries(after));
  const keys = new Set([...old.keys(), ...now.keys()]);
  return [...keys].filter((key) => !isDeepStrictEqual(old.get(key), now.get(key))).sort();
}
