import { compileCheck } from '../check.ts';
import type { DecodedGroupMessage } from '../results.ts';
import { OpenImAfterSendBody } from './after-send-group.ts';
import { readOpenImMessage } from './decode-message.ts';

const checkBody = compileCheck(OpenImAfterSendBody);

/**
 * Reads the body of any revision from its parsed JSON. What this dialect does not tell: the group type is empty, `random` 0,
 * the operator the sender, and `msgSeq` 0 where the server does not number (openim A.9). Unknown fields are ignored.
 */
export function decodeOpenImAfterSend(value: unknown): DecodedGroupMessage {
  const checked = checkBody(value);
  if (!checked.ok) return { ok: false, problems: checked.problems.map((problem) => problem.message) };
  const body = checked.value;
  const groupId = body.groupID || body.recvID;
  if (!groupId) return { ok: false, problems: ['groupID: is missing, and recvID does not name the group'] };
  return {
    ok: true,
    event: {
      ...readOpenImMessage(body),
      kind: 'group.message.sent',
      groupId,
      groupType: '',
      msgSeq: body.seq ?? 0,
      msgTime: Math.floor(body.sendTime / 1000),
    },
  };
}
