import { compileCheck } from '../check.ts';
import type { GroupMessageBeforeModify, GroupMessageBeforeSend } from '../event.ts';
import type { Decoded } from '../results.ts';
import { OpenImBeforeModifyBody, OpenImBeforeSendBody } from './before-send-group.ts';
import { readOpenImMessage } from './decode-message.ts';

const checkBeforeSend = compileCheck(OpenImBeforeSendBody);
const checkBeforeModify = compileCheck(OpenImBeforeModifyBody);

/** Reads the webhook before sending, of any revision, from its parsed JSON; the group type, which it does not tell, is empty. */
export function decodeOpenImBeforeSend(value: unknown): Decoded<GroupMessageBeforeSend> {
  const checked = checkBeforeSend(value);
  if (!checked.ok) return { ok: false, problems: checked.problems.map((problem) => problem.message) };
  const groupId = checked.value.groupID || checked.value.recvID;
  if (!groupId) return { ok: false, problems: ['groupID: is missing, and recvID does not name the group'] };
  const message = readOpenImMessage(checked.value);
  return { ok: true, event: { ...message, kind: 'group.message.before-send', groupId, groupType: '' } };
}

/** Reads the webhook of the modify step from its parsed JSON; which group it is about, it does not tell. */
export function decodeOpenImBeforeModify(value: unknown): Decoded<GroupMessageBeforeModify> {
  const checked = checkBeforeModify(value);
  if (!checked.ok) return { ok: false, problems: checked.problems.map((problem) => problem.message) };
  return { ok: true, event: { ...readOpenImMessage(checked.value), kind: 'group.message.before-modify' } };
}
