import {
  decodeStandard,
  ENDPOINT_HEADER,
  type LaneLink,
  STANDARD_BATCH,
  STANDARD_OK,
  type StandardEvent,
  standardError,
} from '@confab-im/protocol';
import type { Delivery, Verified, VerifiedEvent } from '../event.ts';
import { headerOf } from '../headers.ts';
import { parseObject } from '../json-object.ts';
import type { VerifyRules } from '../options.ts';
import { quoted } from '../quoted.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { RawRequest } from '../request.ts';
import type { DialectAnswers } from './dialect.ts';

/** How Confab's own dialect is answered; its default time-out is the one of the Tencent dialect. */
export const standard: DialectAnswers = {
  senderTimeoutMs: 2000,
  ok: STANDARD_OK,
  fail: standardError,
};

const encoder = new TextEncoder();

/** Judges a request whose signature holds: the JSON, the shape, the endpoint, the app. */
export function judgeStandard(
  rules: VerifyRules,
  { headers, body: rawBody }: RawRequest,
  signedBy: number | undefined,
): Verified | Refusal {
  const body = parseObject(rawBody);
  if ('ok' in body) return body;
  const decoded = decodeStandard(body.object);
  if (!decoded.ok) return refusal('bad-shape', `The body is no event: ${decoded.problems.join('; ')}.`);
  const [first] = decoded.events;
  const misdirected = first && checkAddress(rules, headerOf(headers, ENDPOINT_HEADER), first.lane);
  if (misdirected) return misdirected;
  const request: Pick<Delivery, 'rawBody' | 'signedBy'> = {
    rawBody,
    ...(signedBy !== undefined && { signedBy }),
  };
  if (first !== undefined && !decoded.batch) return verifiedEvent(first, request);
  const entries = decoded.events.map((event) =>
    verifiedEvent(event, { ...request, rawBody: encoder.encode(JSON.stringify(event.envelope)) }),
  );
  return {
    ok: true,
    event: { kind: 'batch', entries },
    dialect: 'standard',
    command: STANDARD_BATCH,
    replay: first?.lane.replay === true,
    ...request,
  };
}

/** The header is not signed, so it must not say anything else than the body, which all of one request agrees in. */
function checkAddress(rules: VerifyRules, header: string | undefined, lane: LaneLink): Refusal | undefined {
  const { endpoint, app } = lane;
  if (header !== undefined && header !== endpoint) {
    return refusal(
      'wrong-endpoint',
      `${ENDPOINT_HEADER} says ${quoted(header)}, but the body was made for ${endpoint}.`,
    );
  }
  if (rules.endpoint !== undefined && rules.endpoint !== endpoint) {
    return refusal(
      'wrong-endpoint',
      `The body was made for the endpoint ${endpoint}; this receiver serves ${quoted(rules.endpoint)}.`,
    );
  }
  if (rules.sdkAppId !== undefined && rules.sdkAppId !== app) {
    return refusal('wrong-app', `The body is of the app ${app}; this receiver serves ${rules.sdkAppId}.`);
  }
  return undefined;
}

function verifiedEvent(
  { type, id, lane, event, envelope }: StandardEvent,
  request: Pick<Delivery, 'rawBody' | 'signedBy'>,
): VerifiedEvent {
  const origin = event?.kind === 'tombstone' ? undefined : event?.origin;
  const delivery = {
    ok: true,
    dialect: 'standard',
    command: type,
    key: JSON.stringify(['id', lane.app, id]),
    deliveryId: id,
    replay: lane.replay,
    ...(origin && { clientIp: origin.clientIp, platform: origin.platform }),
    lane,
    ...request,
  } as const;
  if (event === undefined) return { event: { kind: 'other', body: envelope }, ...delivery };
  return { event, ...delivery };
}
