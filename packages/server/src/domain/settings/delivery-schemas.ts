import { STANDARD_BATCH_MAX_BYTES, STANDARD_BATCH_MAX_EVENTS } from '@confab-im/protocol';
import Type from 'typebox';
import type { Problem } from './problem.ts';

const HOUR_MS = 3_600_000;

export const RetrySchema = Type.Object(
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

export const BreakerSchema = Type.Object(
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

export const BatchSchema = Type.Object(
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
