import type { GroupMessageFacts } from '../event.ts';
import { OPENIM_AFTER_SEND_GROUP, type OpenImRevision } from './after-send-group.ts';
import { openImBody, openImMessage } from './encode-message.ts';

/**
 * The body for one revision, in the field order of openim A.9. `seq` is the true number, 0 in `3.8`; `page` has the group in
 * `recvID` too (A.12). A pure function of its arguments: every attempt and every replay sends the same bytes.
 */
export function encodeOpenImAfterSend(facts: GroupMessageFacts, revision: OpenImRevision): string {
  return openImBody({
    ...openImMessage(facts, OPENIM_AFTER_SEND_GROUP, revision === '3.8' ? 0 : facts.msgSeq),
    groupID: facts.groupId,
    ...(revision === 'page' && { recvID: facts.groupId }),
  });
}
