import { isDeepStrictEqual } from 'node:util';
import type { Endpoint, EndpointSettings } from '../../domain/endpoint.ts';
import { proxyProblem } from '../../domain/proxy.ts';
import { clientTlsProblems } from '../../domain/settings/client-tls-schema.ts';
import { parseEndpoint } from '../../domain/settings/parse-endpoint.ts';
import type { Problem } from '../../domain/settings/problem.ts';
import { MASK, maskProblems, showEndpoint, unmask } from '../../domain/settings/show-endpoint.ts';
import { showStart, startProblem } from '../../domain/settings/start.ts';
import {
  changeEndpoint,
  createEndpoint,
  deleteEndpoint,
  endpointNamed,
  endpointsOf,
  pauseEndpoint,
} from '../../service/endpoints.ts';
import { ApiError, accepted, invalidBody } from './api-error.ts';
import { type Answer, appOf, type Call, type Route } from './route.ts';

const ONE = 'apps/{app}/endpoints/{name}';
const ANSWER = '`{ endpoint }`';

export const ENDPOINT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'apps/{app}/endpoints',
    role: 'read-only',
    summary: `The endpoints of an app, from the configuration file and made here. Secrets show as \`${MASK}\`.`,
    answer:
      '`{ endpoints: [{ name, app, source, paused, pauseReason?, starting, version, createdAt, settings, delivery?: { breaker, inFlight, allowed, heldForMs } }] }`; `allowed` of `concurrency` requests may be in flight, none for `heldForMs`, while the receiver answers 429 or 503',
    handle: async (call) => {
      const endpoints = await endpointsOf(call.deps, appOf(call));
      return { status: 200, body: { endpoints: endpoints.map((endpoint) => shown(call, endpoint)) } };
    },
  },
  {
    method: 'POST',
    path: 'apps/{app}/endpoints',
    role: 'owner',
    summary: 'Makes an endpoint.',
    body: 'An endpoint, as in the configuration file.',
    answer: `201, ${ANSWER}`,
    handle: create,
  },
  {
    method: 'GET',
    path: ONE,
    role: 'read-only',
    summary: 'One endpoint.',
    answer: ANSWER,
    handle: async (call) => ({ status: 200, body: { endpoint: shown(call, await existing(call)) } }),
  },
  {
    method: 'PUT',
    path: ONE,
    role: 'owner',
    summary: `Replaces the settings of an endpoint made here; progress is kept. A secret sent as \`${MASK}\` stays as it is, as long as \`url\` keeps its origin.`,
    body: 'The whole endpoint: what is left out gets its default, except `start`, which stays as it was and cannot change.',
    answer: ANSWER,
    handle: change,
  },
  {
    method: 'DELETE',
    path: ONE,
    role: 'owner',
    summary:
      'Deletes an endpoint made here, or one that vanished from the configuration file. With undelivered events it is refused, unless `force` makes them dead letters.',
    query: { force: '`true`: also with undelivered events' },
    answer:
      '`{ lanes, jobId }`: groups that were behind (100000: or more), and the job that makes a dead letter of each; 0 without any',
    handle: async (call) => {
      const { lanes, jobId } = accepted(
        await deleteEndpoint(call.deps, call.actor, await existing(call), call.query.flag('force')),
      );
      call.deps.pipelineChanged();
      return { status: 200, body: { lanes, jobId } };
    },
  },
  {
    method: 'POST',
    path: `${ONE}/pause`,
    role: 'operator',
    summary: 'Stops deliveries to an endpoint; events wait in order. Works on endpoints of the file too.',
    answer: ANSWER,
    handle: (call) => pause(call, true),
  },
  {
    method: 'POST',
    path: `${ONE}/resume`,
    role: 'operator',
    summary: 'Goes on with deliveries.',
    answer: ANSWER,
    handle: (call) => pause(call, false),
  },
];

async function create(call: Call): Promise<Answer> {
  const app = appOf(call);
  const settings = settingsIn(call, call.json());
  const future = startProblem(settings.start, call.deps.clock.now());
  if (future !== undefined) throw invalidBody([{ path: ['start'], message: future }]);
  refuseMasks(settings);
  accepted(await createEndpoint(call.deps, call.actor, app, settings));
  return changed(call, app, settings.name, 201);
}

async function change(call: Call): Promise<Answer> {
  const endpoint = await existing(call);
  const { settings: stored } = endpoint;
  const { name } = stored;
  const body = call.json();
  const named =
    typeof body === 'object' && body !== null && !Array.isArray(body)
      ? { name, start: showStart(stored.start), ...body }
      : body;
  const written = settingsIn(call, named);
  if (written.name !== name) {
    throw new ApiError(
      'invalid',
      'An endpoint cannot change its name; make another one and delete this one.',
    );
  }
  if (!isDeepStrictEqual(written.start, stored.start)) {
    throw new ApiError(
      'invalid',
      'An endpoint cannot change its start: its lanes have begun. Leave start out; to send the past again, replay it.',
    );
  }
  const settings = unmask(written, stored);
  refuseMasks(settings, stored);
  accepted(await changeEndpoint(call.deps, call.actor, endpoint, settings));
  return changed(call, endpoint.app, name, 200);
}

async function pause(call: Call, paused: boolean): Promise<Answer> {
  const endpoint = await existing(call);
  accepted(await pauseEndpoint(call.deps, call.actor, endpoint, paused));
  return changed(call, endpoint.app, endpoint.settings.name, 200);
}

/** The endpoint as it is after a change, once the dispatcher has been told. */
async function changed(call: Call, app: number, name: string, status: Answer['status']): Promise<Answer> {
  call.deps.pipelineChanged();
  return { status, body: { endpoint: shown(call, await found(call, app, name)) } };
}

function existing(call: Call): Promise<Endpoint> {
  return found(call, appOf(call), call.param('name'));
}

async function found({ deps }: Call, app: number, name: string): Promise<Endpoint> {
  const endpoint = await endpointNamed(deps, app, name);
  if (endpoint !== undefined) return endpoint;
  throw new ApiError('not-found', `App ${app} has no endpoint "${name.slice(0, 64)}".`);
}

function settingsIn({ deps }: Call, body: unknown): EndpointSettings {
  const read = parseEndpoint(body);
  if (!read.ok) throw invalidBody(read.problems);
  const unknownProxy = proxyProblem(read.value.proxy, deps.proxies);
  if (unknownProxy !== undefined) throw invalidBody([{ path: ['proxy'], message: unknownProxy }]);
  return read.value;
}

function refuseMasks(settings: EndpointSettings, stored?: EndpointSettings): void {
  const masked = maskProblems(settings, stored);
  const problems = masked.length > 0 ? masked : tlsProblems(settings);
  if (problems.length > 0) throw invalidBody(problems);
}

/** With the stored key in the place of its mask, cert and key may no longer belong together. */
function tlsProblems({ tls }: EndpointSettings): readonly Problem[] {
  if (tls === undefined) return [];
  return clientTlsProblems(tls).map(({ path, message }) => ({ path: ['tls', ...path], message }));
}

function shown({ deps }: Call, endpoint: Endpoint): object {
  const { app, source, paused, pauseReason, starting, version, createdAt, settings } = endpoint;
  const { name } = settings;
  const delivery = deps.deliveryStates().get(endpoint.id);
  return {
    name,
    app,
    source,
    paused,
    pauseReason,
    starting,
    version,
    createdAt,
    settings: showEndpoint(settings),
    delivery,
  };
}
