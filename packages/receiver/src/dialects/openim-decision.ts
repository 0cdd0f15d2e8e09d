import {
  canonicalJson,
  type GroupMessageBeforeModify,
  OPENIM_OK,
  openImBeforeAnswer,
  openImContentOf,
  openImModifyAnswer,
} from '@confab-im/protocol';
import { type BeforeEvent, type Decision, type RewriteDecision, rewriteOf, undecidable } from '../before.ts';

/** No code of one's own: the sender takes its own (openim A.5). */
const NO_CODE = 0;

/** The body of the answer; throws when the webhook has none for this decision. Sources: openim A.5, A.9, A.10. */
export function openImDecision(question: BeforeEvent, decision: Decision | undefined): string {
  if (decision === undefined) return OPENIM_OK;
  if (decision.kind === 'refuse') {
    return openImBeforeAnswer({
      kind: 'refuse',
      errorCode: decision.code ?? NO_CODE,
      errorInfo: decision.info,
    });
  }
  if (decision.kind === 'rewrite' && question.kind === 'group.message.before-modify') {
    return modified(question, decision);
  }
  const why =
    decision.kind === 'rewrite'
      ? "OpenIM takes changes at its modify step, so return them from 'group.message.before-modify'"
      : 'OpenIM knows refusals only';
  throw undecidable(question, decision, why);
}

/** Text that mentions somebody has its mentions in the content, so both change together. */
function modified({ at: before }: GroupMessageBeforeModify, decision: RewriteDecision): string {
  const { msgBody, cloudCustomData, at } = rewriteOf(decision);
  const mentions = at ?? before ?? [];
  return openImModifyAnswer({
    ...(msgBody !== undefined && {
      content: openImContentOf({ msgBodyJson: canonicalJson(msgBody), at: mentions }),
    }),
    ...(cloudCustomData !== undefined && { cloudCustomData }),
    ...(at !== undefined && { at }),
  });
}
