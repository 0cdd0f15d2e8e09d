import {
  buildOpenImUrl,
  buildTencentUrl,
  encodeOpenImBeforeModify,
  encodeOpenImBeforeSend,
  encodeTencentBeforeSend,
  OPENIM_BEFORE_MODIFY,
  OPENIM_BEFORE_SEND_GROUP,
  OPENIM_REVISIONS,
  type OpenImRevision,
  openImHeaders,
  type PendingMessageFacts,
  TENCENT_BEFORE_SEND,
  TENCENT_REVISIONS,
  type TencentRevision,
} from '@confab-im/protocol';
import type { EndpointSettings } from '../domain/endpoint.ts';
import type { BeforeKind } from '../domain/event-kinds.ts';
import { createSigner, revisionOf, type Signature, withSignature } from './encode.ts';
import { createHeaders, type WebhookRequest } from './request.ts';
import { createStandardSigner } from './signed.ts';

/** `now` is unix ms of the attempt; `app` the SDKAppID. */
export type BeforeEncode = (
  kind: BeforeKind,
  app: number,
  message: PendingMessageFacts,
  now: number,
) => WebhookRequest | Promise<WebhookRequest>;

/** The encoder of an endpoint that is asked before sending; headers and signature are those of its deliveries. */
export function createBeforeEncoder(settings: EndpointSettings): BeforeEncode {
  const encode = settings.dialect === 'openim' ? openIm(settings) : tencent(settings);
  if (settings.signingKeys === undefined) return encode;
  const sign = createStandardSigner(settings.signingKeys);
  return async (kind, app, message, now) =>
    sign(questionId(kind, message).id, await encode(kind, app, message, now), now);
}

function tencent(settings: EndpointSettings): BeforeEncode {
  const revision = revisionOf<TencentRevision>(settings, TENCENT_REVISIONS);
  const sign = settings.authToken === undefined ? undefined : createSigner(settings.authToken);
  const headersOf = createHeaders(settings);
  return async (kind, app, message, now) => {
    const signature: Signature | undefined = await sign?.(Math.floor(now / 1000));
    return {
      url: buildTencentUrl(settings.url, {
        sdkAppId: app,
        command: TENCENT_BEFORE_SEND,
        clientIp: message.clientIp,
        platform: message.platform,
        ...signature,
      }),
      headers: headersOf(questionId(kind, message), { 'content-type': 'application/json' }),
      body: encodeTencentBeforeSend(message, revision),
    };
  };
}

function openIm(settings: EndpointSettings): BeforeEncode {
  const revision = revisionOf<OpenImRevision>(settings, OPENIM_REVISIONS);
  const sign = settings.authToken === undefined ? undefined : createSigner(settings.authToken);
  const headersOf = createHeaders(settings);
  return async (kind, _app, message, now) => {
    const signature = await sign?.(Math.floor(now / 1000));
    const modify = kind === 'group.message.before-modify';
    const command = modify ? OPENIM_BEFORE_MODIFY : OPENIM_BEFORE_SEND_GROUP;
    return {
      url: withSignature(buildOpenImUrl(settings.url, command, message, revision), signature),
      headers: headersOf(questionId(kind, message), openImHeaders(message)),
      body: modify ? encodeOpenImBeforeModify(message) : encodeOpenImBeforeSend(message, revision),
    };
  };
}

/** The `webhook-id` of a question: another than that of any event, since a question is asked once and never delivered again. */
function questionId(kind: BeforeKind, { operationID }: PendingMessageFacts): { readonly id: string } {
  return { id: `${kind.slice(kind.lastIndexOf('.') + 1)}-${operationID}` };
}
