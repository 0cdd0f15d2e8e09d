import {
  MAX_LIVE_KEYS,
  OPENIM_REVISIONS,
  STANDARD_BATCH_MAX_BYTES,
  STANDARD_BATCH_MAX_EVENTS,
  signingKeyProblem,
  TENCENT_REVISIONS,
} from '@confab-im/protocol';
import Type, { type StaticDecode } from 'typebox';
import { asksBefore, type EndpointSettings, STANDARD_REVISIONS } from '../endpoint.ts';
import { checkExtraHeaders } from '../headers.ts';
import { PLAIN_HTTP_REMEDY, plainHttpProblem } from '../plain-http.ts';
import { clientTlsSchema, pemText } from './client-tls-schema.ts';
import { EVENTS_EXPECTS, eventsUnknownTo, parseEvents } from './events.ts';
import { MASK } from './mask.ts';
import { type Problem, Unfit } from './problem.ts';
import { parseStart, START_EXPECTS, START_LAST_MS } from './start.ts';
import { parseWebhookUrl, URL_EXPECTS } from './webhook-url.ts';

type Dialect = EndpointSettings['dialect'];

type Revision = EndpointSettings['revision'];

const REVISIONS: Readonly<Record<Dialect, readonly Revision[]>> = {
  tencent: TENCENT_REVISIONS,
  openim: OPENIM_REVISIONS,
  standard: STANDARD_REVISIONS,
};

const DIALECTS = ['tencent', 'openim', 'standard'] as const satisfies readonly Dialect[];
const DIALECT_EXPECTS = `one of ${DIALECTS.join(', ')}`;
const REVISION_EXPECTS = DIALECTS.map(
  (dialect) => `for ${dialect} one of ${REVISIONS[dialect].join(', ')}`,
).join(', ');

/** What stands in for a missing key where that depends on the dialect (tencent-webhooks A.6; openim A.4). */
export const DIALECT_DEFAULTS = {
  tencent: { revision: 'G5', timeoutMs: 2_000 },
  openim: { revision: 'main', timeoutMs: 5_000 },
  standard: { revision: '1', timeoutMs: 2_000 },
} as const;

const HOUR_MS = 3_600_000;
const NAME_EXPECTS =
  'a name of 1 to 64 letters, digits, dots, hyphens or underscores that begins with a letter or digit';

const RetrySchema = Type.Object(
  {
    baseDelayMs: Type.Integer({
      minimum: 1,
      maximum: HOUR_MS,
      default: 500,
      unit: 'ms',
      description: 'Upper end of the first random delay; it doubles with each attempt.',
    }),
    maxDelayMs: Type.Integer({
      minimum: 1,
      maximum: 24 * HOUR_MS,
      default: 600_000,
      unit: 'ms',
      description: 'The delay grows no further than this.',
    }),
    maxRetryAfterMs: Type.Integer({
      minimum: 0,
      maximum: 24 * HOUR_MS,
      default: HOUR_MS,
      unit: 'ms',
      description: "A receiver's `Retry-After` is waited for in full up to this, also beyond `maxDelayMs`.",
    }),
    maxAttempts: Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000 }), Type.Null()], {
      default: null,
      expects: 'a whole number from 1 to 1000000, or null for no limit',
      description: 'After so many failed attempts the event becomes a dead letter.',
    }),
    maxAgeMs: Type.Integer({
      minimum: 1,
      maximum: 365 * 24 * HOUR_MS,
      default: 72 * HOUR_MS,
      unit: 'ms',
      description: 'So long after its first attempt the event becomes a dead letter.',
    }),
    permanentStatuses: Type.Array(Type.Integer({ minimum: 400, maximum: 599 }), {
      maxItems: 100,
      default: [410],
      expects: 'a list of HTTP statuses from 400 to 599, such as [410, 422]',
      description:
        'Answers that no further attempt would change: the event becomes a dead letter at once. Neither 429 nor 503.',
      rule: notOverload,
    }),
  },
  {
    default: {},
    description: 'How a failed delivery is tried again: exponential backoff with full jitter.',
    rule: delaysInOrder,
  },
);

const BreakerSchema = Type.Object(
  {
    failures: Type.Integer({
      minimum: 1,
      maximum: 100_000,
      default: 20,
      description: 'So many failures in a row open the breaker of the endpoint.',
    }),
    probeEveryMs: Type.Integer({
      minimum: 10,
      maximum: HOUR_MS,
      default: 5_000,
      unit: 'ms',
      description: 'While it is open, one delivery is tried so often.',
    }),
  },
  { default: {}, description: 'Spares an endpoint that is down; closes by itself.' },
);

/** Of the endpoint as a whole. */
export const ENDPOINT_OPTIONS = { rule: consistent } as const;

const BatchSchema = Type.Object(
  {
    maxEvents: Type.Integer({
      minimum: 2,
      maximum: STANDARD_BATCH_MAX_EVENTS,
      default: STANDARD_BATCH_MAX_EVENTS,
      description: 'At most so many events of a group in one request.',
    }),
    maxBytes: Type.Integer({
      minimum: 1_024,
      maximum: STANDARD_BATCH_MAX_BYTES,
      default: STANDARD_BATCH_MAX_BYTES,
      unit: 'bytes',
      description: 'Of the body. An event that is longer goes alone.',
    }),
  },
  {
    description:
      'Dialect `standard` only: what waits in a group is sent several events at a time. `{}` takes the defaults; leave it out for one by one.',
  },
);

/** An endpoint as one writes it, in the configuration file and in the admin API (design "Configuration", the endpoint table). */
export const EndpointSchema = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
      expects: NAME_EXPECTS,
      description: 'Its identity, unique in the app; another name is another endpoint.',
    }),
    url: Type.Decode(
      Type.String({ quiet: true, expects: URL_EXPECTS, description: 'Where webhooks are posted to.' }),
      parseWebhookUrl,
    ),
    dialect: Type.Decode(
      Type.String({
        default: 'tencent',
        expects: DIALECT_EXPECTS,
        description: 'Wire form of the requests; `standard` is Confab’s own (docs/standard-webhooks.md).',
      }),
      parseDialect,
    ),
    revision: Type.Optional(
      Type.Decode(
        Type.Union([Type.String(), Type.Number()], {
          expects: REVISION_EXPECTS,
          shownDefault: 'G5; openim: main; standard: 1',
          description: 'Which published form of the body; older ones leave out later fields.',
        }),
        parseRevision,
      ),
    ),
    events: Type.Decode(
      Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1, maxItems: 200 })], {
        expects: EVENTS_EXPECTS,
        description:
          'The switches: which events are sent. `all` is everything that happened; what is asked before it happens has to be named.',
      }),
      parseEvents,
    ),
    groups: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 48 }), {
        minItems: 1,
        maxItems: 1_000,
        expects: 'a list of group ids (leave it out for all groups)',
        shownDefault: 'all groups',
        description: 'Only events of these groups are sent.',
      }),
    ),
    start: Type.Decode(
      Type.Union(
        [
          Type.String(),
          Type.Integer({ minimum: 1, maximum: START_LAST_MS }),
          Type.Object({ sequence: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }),
        ],
        {
          default: 'now',
          expects: START_EXPECTS,
          description:
            'Where each group begins for a new endpoint. A plain number below 10^9 is a log sequence, a large one unix milliseconds.',
        },
      ),
      parseStart,
    ),
    authToken: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        secret: true,
        description: 'Shared secret; adds `RequestTime` and `Sign` to the URL.',
      }),
    ),
    signingKeys: Type.Optional(
      Type.Array(
        Type.Decode(Type.String({ secret: true, description: 'A key that signs.' }), parseSigningKey),
        {
          minItems: 1,
          maxItems: MAX_LIVE_KEYS,
          secret: true,
          expects: `a list of 1 to ${MAX_LIVE_KEYS} keys that begin with whsec_ or whsk_`,
          description:
            'Adds the headers of Standard Webhooks with a signature by each of these keys: `whsec_` and base64 of 24 to 64 bytes (HMAC), or `whsk_` and base64 of 32 (Ed25519).',
        },
      ),
    ),
    headers: Type.Decode(
      Type.Record(Type.String(), Type.String(), {
        default: {},
        secret: true,
        expects: 'a map of header names and texts',
        description: 'Extra headers, such as `Authorization`. Values are treated as secrets.',
      }),
      parseHeaders,
    ),
    timeoutMs: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 60_000,
        unit: 'ms',
        shownDefault: '2000; openim: 5000',
        description: 'One deadline for a whole attempt: connect, send, answer.',
      }),
    ),
    order: Type.Enum(['group', 'none'], {
      default: 'group',
      description: '`group`: strictly in order within a group. `none`: up to 64 of a group in flight.',
    }),
    onHeadFailure: Type.Enum(['block', 'park', 'skip'], {
      default: 'block',
      description:
        'An event that keeps failing: `block` holds up its group until `retry` gives it up; `park` and `skip` give it up after 10 attempts where `retry.maxAttempts` is null; after `skip` the dialect `standard` sends a tombstone for it.',
    }),
    retry: RetrySchema,
    breaker: BreakerSchema,
    batch: Type.Optional(BatchSchema),
    concurrency: Type.Integer({
      minimum: 1,
      maximum: 1_024,
      default: 64,
      unit: 'requests',
      description: 'At most so many requests in flight.',
    }),
    ratePerSecond: Type.Optional(
      Type.Number({
        minimum: 0.01,
        maximum: 100_000,
        unit: 'requests per second',
        shownDefault: 'no limit',
        description: 'At most so many deliveries are started per second; before-webhooks do not wait for it.',
      }),
    ),
    weight: Type.Number({
      minimum: 0.01,
      maximum: 100,
      default: 1,
      description:
        'Its share, beside the other endpoints of its app, when all requests in flight reach `delivery.concurrency`.',
    }),
    allowPrivateNetwork: Type.Boolean({
      default: false,
      description: 'May reach loopback and private addresses (never cloud metadata).',
    }),
    allowPlainHttp: Type.Boolean({
      default: false,
      description:
        'May be called without TLS outside this machine. With `allowPrivateNetwork`, private addresses need no leave.',
    }),
    tls: Type.Optional(clientTlsSchema(pemText, 'PEM text, beginning with -----BEGIN')),
    proxy: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
        expects: 'the name of a proxy of the configuration, or direct',
        shownDefault: 'the default proxy, if there is one',
        description: 'The way out. `direct` goes without the default proxy.',
      }),
    ),
    strict: Type.Boolean({
      default: false,
      description:
        'A 2xx answer whose body says that it failed (`ActionStatus` FAIL, an `ErrorCode` that is not 0; openim: `nextCode` 1), or that is not the documented JSON, is tried again.',
    }),
    onFailure: Type.Optional(
      Type.Enum(['proceed', 'refuse'], {
        shownDefault: '`proceed`',
        description:
          'For before-webhooks: what becomes of a message when the endpoint fails. `proceed`: it is sent as it is. `refuse`: the caller gets 80003.',
      }),
    ),
  },
  ENDPOINT_OPTIONS,
);

export type WrittenEndpoint = StaticDecode<typeof EndpointSchema>;

function parseDialect(written: string): Dialect {
  const known = DIALECTS.find((dialect) => dialect === written);
  if (known !== undefined) return known;
  throw new Unfit(`must be ${DIALECT_EXPECTS}; it is ${JSON.stringify(written.slice(0, 40))}`);
}

/** `3.8` without quotes is a number in YAML; whether the revision belongs to the dialect is a rule of the endpoint. */
function parseRevision(written: string | number): Revision {
  const known = Object.values(REVISIONS)
    .flat()
    .find((revision) => revision === String(written));
  if (known !== undefined) return known;
  const shown = JSON.stringify(String(written).slice(0, 40));
  throw new Unfit(`must be ${REVISION_EXPECTS}; it is ${shown}`);
}

/** The mask stands for a stored key, which was looked at when it was stored. */
function parseSigningKey(written: string): string {
  const problem = written === MASK ? undefined : signingKeyProblem(written);
  if (problem !== undefined) throw new Unfit(`is no key to sign with. ${problem}`);
  return written;
}

function parseHeaders(written: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const problems = checkExtraHeaders(written);
  if (problems.length > 0) throw new Unfit(`cannot be sent: ${problems.join(' ')}`);
  return written;
}

function delaysInOrder(value: unknown): readonly Problem[] {
  const { baseDelayMs, maxDelayMs } = value as {
    readonly baseDelayMs?: number;
    readonly maxDelayMs?: number;
  };
  if (baseDelayMs === undefined || maxDelayMs === undefined || baseDelayMs <= maxDelayMs) return [];
  return [
    { path: ['maxDelayMs'], message: `must be at least baseDelayMs (${baseDelayMs}); it is ${maxDelayMs}` },
  ];
}

/** These say "later", so that giving up on them would lose what the receiver asked to be sent again. */
function notOverload(value: unknown): readonly Problem[] {
  return (value as readonly unknown[]).flatMap((status, index) =>
    status === 429 || status === 503
      ? [{ path: [index], message: `must not be ${status}, which means "later"; leave it out` }]
      : [],
  );
}

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

function consistent(value: unknown): readonly Problem[] {
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
