import { MAX_LIVE_KEYS, signingKeyProblem } from '@confab-im/protocol';
import Type, { type StaticDecode } from 'typebox';
import { checkExtraHeaders } from '../headers.ts';
import { MASK } from '../mask.ts';
import { clientTlsSchema, pemText } from './client-tls-schema.ts';
import { BatchSchema, BreakerSchema, RetrySchema } from './delivery-schemas.ts';
import {
  DIALECT_EXPECTS,
  DIALECTS,
  type Dialect,
  REVISION_EXPECTS,
  REVISIONS,
  type Revision,
} from './dialects.ts';
import { consistent } from './endpoint-rules.ts';
import { EVENTS_EXPECTS, parseEvents } from './events.ts';
import { Unfit } from './problem.ts';
import { parseStart, START_EXPECTS, START_LAST_MS } from './start.ts';
import { parseWebhookUrl, URL_EXPECTS } from './webhook-url.ts';

const NAME_EXPECTS =
  'a name of 1 to 64 letters, digits, dots, hyphens or underscores that begins with a letter or digit';

/** Of the endpoint as a whole. */
export const ENDPOINT_OPTIONS = { rule: consistent } as const;

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
            'Adds the headers of Standard Webhooks with a signature by each of these keys: `whsec_` and base64 of 24 to 64 bytes (HMAC), or `whsk_` and base64 of 32, or of 64 with its public half (Ed25519).',
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
        description:
          'At most so many deliveries are started per second on average. What was not used in a second is saved up, so that after a rest up to as many again start at once (twice as many in that first second; at least one). Before-webhooks do not wait for it.',
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
          'For before-webhooks: what becomes of a message or a change when the endpoint fails. `proceed`: it goes on as it is. `refuse`: the caller gets 80003.',
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

/** Headers that may be added to a request of ours. Throws `Unfit`. */
export function parseHeaders(written: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const problems = checkExtraHeaders(written);
  if (problems.length > 0) throw new Unfit(`cannot be sent: ${problems.join(' ')}`);
  return written;
}
