import type { PendingMessageFacts } from '../event.ts';
import type { OpenImRevision } from './after-send-group.ts';
import { OPENIM_BEFORE_MODIFY, OPENIM_BEFORE_SEND_GROUP } from './before-send-group.ts';
import { openImBody, openImMessage } from './encode-message.ts';

/** No number is known before the message is sent. */
const NO_SEQ = 0;

/** The body of the webhook before sending, in the field order of openim A.9; `page` has the group in `recvID` too (A.12). */
export function encodeOpenImBeforeSend(facts: PendingMessageFacts, revision: OpenImRevision): string {
  return openImBody({
    ...openImMessage(facts, OPENIM_BEFORE_SEND_GROUP, NO_SEQ),
    groupID: facts.groupId,
    ...(revision === 'page' && { recvID: facts.groupId }),
  });
}

/** The body of the modify step, which tells neither group nor receiver and is the same in every revision. Source: openim A.9. */
export function encodeOpenImBeforeModify(facts: PendingMessageFacts): string {
  return openImBody(openImMessage(facts, OPENIM_BEFORE_MODIFY, NO_SEQ));
}
