import { asksBefore, type EndpointSettings } from '../endpoint.ts';
import { PLAIN_HTTP_REMEDY, plainHttpProblem } from '../plain-http.ts';
import { REVISIONS } from './dialects.ts';
import { eventsUnknownTo } from './events.ts';
import type { Problem } from './problem.ts';

type Decoded = Partial<
  Pick<
    EndpointSettings,
    | 'dialect'
    | 'revision'
    | 'events'
    | 'onFailure'
    | 'authToken'
    | 'signingKeys'
    | 'order'
    | 'batch'
    | 'url'
    | 'allowPrivateNetwork'
    | 'allowPlainHttp'
    | 'tls'
  >
>;

/** What an endpoint's options have to have in common, each option being right by itself. */
export function consistent(value: unknown): readonly Problem[] {
  const endpoint = value as Decoded;
  return [
    ...revisionOfDialect(endpoint),
    ...eventsOfDialect(endpoint),
    ...failureOfBefore(endpoint),
    ...signatureOfDialect(endpoint),
    ...batchOfDialect(endpoint),
    ...plainHttp(endpoint),
    ...tlsOfHttps(endpoint),
  ];
}

function eventsOfDialect({ dialect, events }: Decoded): readonly Problem[] {
  if (dialect === undefined || events === undefined) return [];
  return eventsUnknownTo(dialect, events).map((command) => ({
    path: ['events'],
    message: `has ${command}, which the dialect ${dialect} does not know; leave it out`,
  }));
}

function failureOfBefore({ events, onFailure }: Decoded): readonly Problem[] {
  if (onFailure === undefined || events === undefined || asksBefore({ events })) return [];
  return [
    { path: ['onFailure'], message: 'is for before-webhooks, and events has none; name one or leave it out' },
  ];
}

function batchOfDialect({ dialect, order, batch }: Decoded): readonly Problem[] {
  if (batch === undefined) return [];
  if (dialect !== undefined && dialect !== 'standard') {
    return [{ path: ['batch'], message: 'is for the dialect standard; leave it out' }];
  }
  if (order !== 'none') return [];
  return [
    { path: ['batch'], message: 'is for order: group, for a batch is a piece of that order; leave it out' },
  ];
}

function signatureOfDialect({ dialect, authToken, signingKeys }: Decoded): readonly Problem[] {
  if (dialect !== 'standard') return [];
  const problems: Problem[] = [];
  if (signingKeys === undefined) {
    const message =
      'is missing: the dialect standard is always signed; make a key with "openssl rand -base64 32" and write whsec_ before it';
    problems.push({ path: ['signingKeys'], message });
  }
  if (authToken !== undefined) {
    const message = 'is for the dialects tencent and openim; standard is signed by signingKeys, leave it out';
    problems.push({ path: ['authToken'], message });
  }
  return problems;
}

function plainHttp({
  url,
  allowPrivateNetwork = false,
  allowPlainHttp = false,
}: Decoded): readonly Problem[] {
  const why = url && plainHttpProblem(new URL(url), { allowPrivateNetwork, allowPlainHttp });
  return why ? [{ path: ['url'], message: `${why}; ${PLAIN_HTTP_REMEDY}` }] : [];
}

function tlsOfHttps({ url, tls }: Decoded): readonly Problem[] {
  if (tls === undefined || url === undefined || url.startsWith('https:')) return [];
  return [{ path: ['tls'], message: 'is for https, and url is plain http; write https or leave it out' }];
}

function revisionOfDialect({ dialect, revision }: Decoded): readonly Problem[] {
  if (dialect === undefined || revision === undefined || REVISIONS[dialect].includes(revision)) return [];
  const choice = REVISIONS[dialect].join(', ');
  return [
    { path: ['revision'], message: `must be one of ${choice} for the dialect ${dialect}; it is ${revision}` },
  ];
}
