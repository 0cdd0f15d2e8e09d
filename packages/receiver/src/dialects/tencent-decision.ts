import { tencentBeforeAnswer, tencentChangeAnswer } from '@confab-im/protocol';
import { type BeforeEvent, type Decision, rewriteOf, undecidable } from '../before.ts';

/** "No", without a code of one's own (tencent-webhooks A.5.1). */
const REFUSE = 1;

/** The body of the answer; throws when the webhook has none for this decision. Sources: tencent-webhooks A.5.1, C.1, C.6, C.8, C.9, C.16. */
export function tencentDecision(question: BeforeEvent, decision: Decision | undefined): string {
  if (decision?.kind === 'refuse') {
    return tencentBeforeAnswer({
      kind: 'refuse',
      errorCode: decision.code ?? REFUSE,
      errorInfo: decision.info,
    });
  }
  return question.kind === 'group.message.before-send'
    ? ofMessage(question, decision)
    : ofChange(question, decision);
}

type Other = Exclude<Decision, { readonly kind: 'refuse' }> | undefined;

function ofMessage(question: BeforeEvent, decision: Other): string {
  switch (decision?.kind) {
    case undefined:
      return tencentBeforeAnswer({ kind: 'allow', rewrite: {} });
    case 'drop':
      return tencentBeforeAnswer({ kind: 'drop' });
    case 'rewrite':
      if (decision.at === undefined)
        return tencentBeforeAnswer({ kind: 'allow', rewrite: rewriteOf(decision) });
      throw undecidable(question, decision, 'mentions cannot be changed in this dialect');
    case 'without':
      throw undecidable(question, decision, 'a message has no users to leave out');
  }
}

function ofChange(question: BeforeEvent, decision: Other): string {
  if (decision === undefined) return tencentChangeAnswer({ kind: 'allow', refusedMembers: [] });
  if (decision.kind === 'without' && question.kind === 'group.before-invite') {
    return tencentChangeAnswer({ kind: 'allow', refusedMembers: decision.userIds });
  }
  throw undecidable(question, decision, 'let it happen, or refuse it');
}
