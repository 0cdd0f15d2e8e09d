import {
  checkMsgBody,
  type GroupAt,
  type GroupMessageBeforeModify,
  type GroupMessageBeforeSend,
  type GroupQuestion,
  type MessageRewrite,
  type MsgElement,
  type PendingChangeKind,
} from '@confab-im/protocol';
import type { Delivery } from './event.ts';

type Changes = { readonly [Kind in PendingChangeKind]: GroupQuestion<Kind> };

/** What a sender asks before it happens, by kind: the names of the handlers. Not in the dialect `standard`. */
export interface BeforeEvents extends Changes {
  readonly 'group.message.before-send': GroupMessageBeforeSend;
  /** OpenIM's second question about a message, whose answer may change it; which group it is about, it does not tell. */
  readonly 'group.message.before-modify': GroupMessageBeforeModify;
}

export type BeforeEvent = BeforeEvents[keyof BeforeEvents];

/** No. The caller gets `code`, 10100 to 10200, or else the sender's own (10016), and `info`. */
export interface RefuseDecision {
  readonly kind: 'refuse';
  readonly info: string;
  readonly code?: number;
}

/** The message is not sent, and the caller is told that it was. */
export interface DropDecision {
  readonly kind: 'drop';
}

/** The message is sent with these in place of its own; what is absent stays. */
export interface RewriteDecision {
  readonly kind: 'rewrite';
  readonly msgBody?: readonly MsgElement[];
  readonly cloudCustomData?: string;
  /** Who is mentioned; OpenIM's modify step only. */
  readonly at?: readonly GroupAt[];
}

/** The others join, these users do not. */
export interface WithoutDecision {
  readonly kind: 'without';
  readonly userIds: readonly string[];
}

/** What may be decided, beside letting it happen. */
interface Decisions {
  /** In OpenIM's dialect only a refusal. */
  readonly 'group.message.before-send': RefuseDecision | DropDecision | RewriteDecision;
  readonly 'group.message.before-modify': RefuseDecision | RewriteDecision;
  readonly 'group.before-create': RefuseDecision;
  readonly 'group.before-apply': RefuseDecision;
  /** In OpenIM's dialect only a refusal. */
  readonly 'group.before-invite': RefuseDecision | WithoutDecision;
  readonly 'group.topic.before-create': RefuseDecision;
}

export type Decision = Decisions[keyof Decisions];

/** What a handler decides; nothing lets it happen. */
export type Decided<Kind extends keyof BeforeEvents> =
  | void
  | Decisions[Kind]
  | Promise<void>
  | Promise<Decisions[Kind] | undefined>;

/** One function per question. The answer waits for it; what it throws is answered 500, and the sender's own setting decides. */
export type BeforeHandlers = {
  readonly [Kind in keyof BeforeEvents]?: (question: BeforeEvents[Kind], delivery: Delivery) => Decided<Kind>;
};

/** Every kind; a type error when one is missing. */
const KINDS: { readonly [Kind in keyof BeforeEvents]: true } = {
  'group.message.before-send': true,
  'group.message.before-modify': true,
  'group.before-create': true,
  'group.before-apply': true,
  'group.before-invite': true,
  'group.topic.before-create': true,
};
export const BEFORE_KINDS: readonly string[] = Object.keys(KINDS);

export function isBefore<Event extends { readonly kind: string }>(
  event: Event,
): event is Extract<Event, BeforeEvent> {
  return Object.hasOwn(KINDS, event.kind);
}

export function refuse(info = '', code?: number): RefuseDecision {
  return { kind: 'refuse', info, ...(code !== undefined && { code }) };
}

export function drop(): DropDecision {
  return { kind: 'drop' };
}

export function rewrite(parts: Omit<RewriteDecision, 'kind'>): RewriteDecision {
  return { ...parts, kind: 'rewrite' };
}

export function without(userIds: readonly string[]): WithoutDecision {
  return { kind: 'without', userIds };
}

/** The rewrite that a decision asks for. Throws a `TypeError` when its elements are none that a server would send. */
export function rewriteOf({ kind: _, ...parts }: RewriteDecision): MessageRewrite {
  const checked = parts.msgBody === undefined ? undefined : checkMsgBody(parts.msgBody);
  if (checked?.ok === false) {
    throw new TypeError(
      `The rewritten message cannot be sent: ${checked.problems[0]?.message ?? 'MsgBody'}.`,
    );
  }
  return parts;
}

/** The error of a decision that the dialect has no answer for: nothing else must be made of it in silence. */
export function undecidable(question: BeforeEvent, decision: Decision, why: string): TypeError {
  return new TypeError(`${question.kind} cannot be answered with ${JSON.stringify(decision.kind)}: ${why}.`);
}
