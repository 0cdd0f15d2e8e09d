import {
  type BeforeAnswer,
  canonicalJson,
  checkMsgBody,
  GROUP_TYPES,
  type MessageRewrite,
  openImContentOf,
  type PendingMessageFacts,
  readOpenImBeforeAnswer,
  readOpenImModifyAnswer,
  readTencentBeforeAnswer,
} from '@confab-im/protocol';
import type { MessageParts, Pending } from '../domain/before-webhook.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { BeforeKind } from '../domain/event-kinds.ts';
import { GROUP_TYPE_TRAITS } from '../domain/group-types.ts';
import type { Rules } from '../domain/rules.ts';
import { sizeRefusal } from '../domain/send-message.ts';
import { judgeChange } from './before-judge-change.ts';
import { type BeforeFailure, beforeFailure, type Judgement, refusalOf } from './before-judgement.ts';
import { classify } from './classify.ts';
import type { Outcome } from './sender.ts';

/** Mentions of one message at most (tencent-rest-message C2.1). */
const MAX_MENTIONS = 30;
const REFUSED = 'refused the message before it was sent';

export interface Question {
  readonly kind: BeforeKind;
  readonly endpoint: Endpoint;
  readonly pending: Pending;
  readonly rules: Pick<Rules, 'messageBytes'>;
}

/** What an attempt's outcome means. Any status but 200 is a failure, in both dialects (docs/decisions/0009). */
export function judge(question: Question, outcome: Outcome, now: number): Judgement {
  const { dialect } = question.endpoint.settings;
  if (outcome.kind === 'failed') {
    const verdict = classify(outcome, { dialect }, now);
    return beforeFailure(verdict.kind === 'failed' ? verdict.verdict : 'failed', outcome.message);
  }
  if (outcome.status !== 200) {
    return beforeFailure('http_status', `the receiver answered HTTP ${outcome.status}`);
  }
  if (outcome.truncated) return beforeFailure('answer_too_long', 'the answer is longer than the limit');
  const { pending, endpoint, rules, kind } = question;
  if ('kind' in pending) return judgeChange(endpoint, pending, outcome.body);
  return judgeMessage({ kind, endpoint, rules, message: pending }, outcome.body);
}

interface MessageQuestion extends Omit<Question, 'pending'> {
  readonly message: PendingMessageFacts;
}

function judgeMessage(question: MessageQuestion, body: string): Judgement {
  const answer = readAnswer(question, body);
  switch (answer.kind) {
    case 'malformed':
      return beforeFailure('malformed_answer', answer.why);
    case 'fail':
      return beforeFailure(
        'undocumented_code',
        `ErrorCode ${answer.errorCode} decides nothing; answer 0, 1, 2 or 10100 to 10200, with ActionStatus OK`,
      );
    case 'drop':
      return { kind: 'dropped' };
    case 'refuse':
      return { kind: 'refused', refusal: refusalOf(question.endpoint, answer, REFUSED) };
    case 'allow':
      return applyRewrite(question, answer.rewrite);
  }
}

function readAnswer({ kind, endpoint, message }: MessageQuestion, body: string): BeforeAnswer {
  if (endpoint.settings.dialect !== 'openim') return readTencentBeforeAnswer(body);
  return kind === 'group.message.before-modify'
    ? readOpenImModifyAnswer(body, openImContentOf(message))
    : readOpenImBeforeAnswer(body);
}

/** The message as the answer wants it, under the same rules as any other; what breaks them is no answer. */
function applyRewrite(question: MessageQuestion, rewrite: MessageRewrite): Judgement {
  const { message, rules } = question;
  const body = rewrite.msgBody === undefined ? undefined : checkMsgBody(rewrite.msgBody);
  if (body?.ok === false) return badRewrite(body.problems[0]?.message ?? 'MsgBody: is malformed');
  const mentions = mentionProblem(message.groupType, rewrite.at ?? []);
  if (mentions !== undefined) return badRewrite(mentions);
  const msgBodyJson = body === undefined ? message.msgBodyJson : canonicalJson(body.value);
  const cloudCustomData = rewrite.cloudCustomData ?? message.cloudCustomData;
  const at = rewrite.at ?? message.at;
  const parts: MessageParts = {
    msgBodyJson,
    ...(cloudCustomData !== undefined && { cloudCustomData }),
    ...(at !== undefined && { at }),
  };
  const tooLong = sizeRefusal(parts, rules);
  if (tooLong !== undefined) return badRewrite(tooLong.detail);
  return isSame(parts, message) ? { kind: 'allowed' } : { kind: 'rewritten', parts };
}

function mentionProblem(groupType: string, at: NonNullable<MessageRewrite['at']>): string | undefined {
  if (at.length > MAX_MENTIONS)
    return `atUserIDList: ${at.length} mentions; at most ${MAX_MENTIONS} are allowed`;
  const type = GROUP_TYPES.find((known) => known === groupType);
  if (type !== undefined && !GROUP_TYPE_TRAITS[type].atAll && at.some(({ all }) => all)) {
    return `atUserIDList: a ${groupType} has no @all`;
  }
  return undefined;
}

function isSame(parts: MessageParts, message: PendingMessageFacts): boolean {
  return (
    parts.msgBodyJson === message.msgBodyJson &&
    (parts.cloudCustomData ?? '') === (message.cloudCustomData ?? '') &&
    JSON.stringify(parts.at ?? []) === JSON.stringify(message.at ?? [])
  );
}

function badRewrite(problem: string): BeforeFailure {
  return beforeFailure('bad_rewrite', `the rewritten message cannot be sent: ${problem}`);
}
