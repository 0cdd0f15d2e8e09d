import {
  buildOpenImUrl,
  buildTencentUrl,
  type EncodedChange,
  encodeOpenImBeforeChange,
  encodeOpenImBeforeModify,
  encodeOpenImBeforeSend,
  encodeTencentBeforeChange,
  encodeTencentBeforeSend,
  OPENIM_BEFORE_MODIFY,
  OPENIM_BEFORE_SEND_GROUP,
  OPENIM_REVISIONS,
  type OpenImRevision,
  openImHeaders,
  TENCENT_BEFORE_CHANGES,
  TENCENT_BEFORE_SEND,
  TENCENT_REVISIONS,
  type TencentRevision,
} from '@confab-im/protocol';
import type { Pending } from '../domain/before-webhook.ts';
import type { EndpointSettings } from '../domain/endpoint.ts';
import type { BeforeKind } from '../domain/event-kinds.ts';
import { createSigner, revisionOf, type Signature, withSignature } from './encode.ts';
import { createHeaders, type WebhookRequest } from './request.ts';
import { createStandardSigner } from './signed.ts';

/** `now` is unix ms of the attempt; `app` the SDKAppID. */
export type BeforeEncode = (
  kind: BeforeKind,
  app: number,
  pending: Pending,
  now: number,
) => WebhookRequest | Promise<WebhookRequest>;

/** The encoder of an endpoint that is asked before something happens; headers and signature are those of its deliveries. */
export function createBeforeEncoder(settings: EndpointSettings): BeforeEncode {
  const encode = settings.dialect === 'openim' ? openIm(settings) : tencent(settings);
  if (settings.signingKeys === undefined) return encode;
  const sign = createStandardSigner(settings.signingKeys);
  return async (kind, app, pending, now) =>
    sign(questionId(kind, pending).id, await encode(kind, app, pending, now), now);
}

function tencent(settings: EndpointSettings): BeforeEncode {
  const revision = revisionOf<TencentRevision>(settings, TENCENT_REVISIONS);
  const sign = settings.authToken === undefined ? undefined : createSigner(settings.authToken);
  const headersOf = createHeaders(settings);
  return async (kind, app, pending, now) => {
    const signature: Signature | undefined = await sign?.(Math.floor(now / 1000));
    const isChange = 'kind' in pending;
    return {
      url: buildTencentUrl(settings.url, {
        sdkAppId: app,
        command: isChange ? TENCENT_BEFORE_CHANGES[pending.kind] : TENCENT_BEFORE_SEND,
        clientIp: pending.clientIp,
        platform: pending.platform,
        ...signature,
      }),
      headers: headersOf(questionId(kind, pending), { 'content-type': 'application/json' }),
      body: isChange
        ? encodeTencentBeforeChange(pending, revision)
        : encodeTencentBeforeSend(pending, revision),
    };
  };
}

function openIm(settings: EndpointSettings): BeforeEncode {
  const revision = revisionOf<OpenImRevision>(settings, OPENIM_REVISIONS);
  const sign = settings.authToken === undefined ? undefined : createSigner(settings.authToken);
  const headersOf = createHeaders(settings);
  return async (kind, _app, pending, now) => {
    const signature = await sign?.(Math.floor(now / 1000));
    const { command, body } = openImQuestion(kind, pending, revision);
    const conversation = { sender: 'sender' in pending ? pending.sender : '', groupId: pending.groupId };
    return {
      url: withSignature(buildOpenImUrl(settings.url, command, conversation, revision), signature),
      headers: headersOf(questionId(kind, pending), openImHeaders(pending)),
      body,
    };
  };
}

function openImQuestion(kind: BeforeKind, pending: Pending, revision: OpenImRevision): EncodedChange {
  if (!('kind' in pending)) {
    return kind === 'group.message.before-modify'
      ? { command: OPENIM_BEFORE_MODIFY, body: encodeOpenImBeforeModify(pending) }
      : { command: OPENIM_BEFORE_SEND_GROUP, body: encodeOpenImBeforeSend(pending, revision) };
  }
  const encoded = encodeOpenImBeforeChange(pending);
  if (encoded === undefined) throw new Error(`the dialect openim has no form for ${pending.kind}`);
  return encoded;
}

/** The `webhook-id` of a question: another than that of any event, since a question is asked once and never delivered again. */
function questionId(kind: BeforeKind, { operationID }: Pending): { readonly id: string } {
  return { id: `${kind.slice(kind.lastIndexOf('.') + 1)}-${operationID}` };
}
