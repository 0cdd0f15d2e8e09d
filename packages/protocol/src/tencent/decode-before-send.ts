import { compileCheck } from '../check.ts';
import type { GroupMessageBeforeSend } from '../event.ts';
import type { Decoded } from '../results.ts';
import { TencentBeforeSendBody } from './before-send.ts';

const checkBody = compileCheck(TencentBeforeSendBody);

/**
 * Reads the body of any generation from its parsed JSON. Without Operator_Account the sender counts as operator, without Random
 * it is 0, without OnlineOnlyFlag the message is to be stored. Unknown fields are ignored.
 */
export function decodeTencentBeforeSend(value: unknown): Decoded<GroupMessageBeforeSend> {
  const checked = checkBody(value);
  if (!checked.ok) return { ok: false, problems: checked.problems.map((problem) => problem.message) };
  const body = checked.value;
  return {
    ok: true,
    event: {
      kind: 'group.message.before-send',
      groupId: body.GroupId,
      ...(body.TopicId && { topicId: body.TopicId }),
      groupType: body.Type,
      sender: body.From_Account,
      operator: body.Operator_Account ?? body.From_Account,
      random: body.Random ?? 0,
      ...(body.EventTime !== undefined && { eventTime: Number(body.EventTime) }),
      onlineOnly: body.OnlineOnlyFlag === 1,
      msgBody: body.MsgBody,
      ...(body.CloudCustomData && { cloudCustomData: body.CloudCustomData }),
      ...(body.MsgId && { msgId: body.MsgId }),
    },
  };
}
