import type { GroupMessageSent } from './event.ts';

/** What a body turned out to be. `problems` are readable one by one (`MsgSeq: must be integer`), at most 8. */
export type DecodedGroupMessage =
  | { readonly ok: true; readonly event: GroupMessageSent }
  | { readonly ok: false; readonly problems: readonly string[] };

/** What the body of an app backend's answer to a webhook says; the HTTP status is not looked at here. */
export type WebhookAnswer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'fail'; readonly errorCode: number; readonly errorInfo: string }
  | { readonly kind: 'malformed'; readonly why: string };
