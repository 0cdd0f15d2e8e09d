import type { GroupAt, GroupMessageSent } from './event.ts';

/** What a body turned out to be. `problems` are readable one by one (`MsgSeq: must be integer`), at most 8. */
export type Decoded<Event> =
  | { readonly ok: true; readonly event: Event }
  | { readonly ok: false; readonly problems: readonly string[] };

export type DecodedGroupMessage = Decoded<GroupMessageSent>;

/** What the body of an app backend's answer to a webhook says; the HTTP status is not looked at here. */
export type WebhookAnswer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'fail'; readonly errorCode: number; readonly errorInfo: string }
  | { readonly kind: 'malformed'; readonly why: string };

/** What may be put in place of what the sender wrote; an absent field leaves it as it is. */
export interface MessageRewrite {
  /** Elements, not checked yet: see `checkMsgBody`. */
  readonly msgBody?: readonly unknown[];
  readonly cloudCustomData?: string;
  readonly at?: readonly GroupAt[];
}

/** A decision on a message that is about to be sent. `refuse` with code 1 (Tencent) or 0 (OpenIM) names no code of its own. */
export type BeforeDecision =
  | { readonly kind: 'allow'; readonly rewrite: MessageRewrite }
  | { readonly kind: 'refuse'; readonly errorCode: number; readonly errorInfo: string }
  | { readonly kind: 'drop' };

/** What the body of an answer to a before-webhook says: a decision, or that there is none. */
export type BeforeAnswer = BeforeDecision | Extract<WebhookAnswer, { readonly kind: 'fail' | 'malformed' }>;

/** A decision on a change of a group that is about to happen. */
export type ChangeDecision =
  /** `refusedMembers`: of users who are invited, those who are not to be added. */
  | { readonly kind: 'allow'; readonly refusedMembers: readonly string[] }
  | Extract<BeforeDecision, { readonly kind: 'refuse' }>;

/** What an answer says to it: a decision, or that there is none. */
export type ChangeAnswer = ChangeDecision | Extract<WebhookAnswer, { readonly kind: 'fail' | 'malformed' }>;
