import { compileCheck } from '../check.ts';
import type { GroupAt } from '../event.ts';
import type { DecodedGroupMessage } from '../results.ts';
import { TencentAfterSendBody } from './after-send.ts';

const checkBody = compileCheck(TencentAfterSendBody);

/**
 * Reads the body of any generation, G1 to G5, from its parsed JSON. Without Operator_Account the sender counts as operator,
 * without Random it is 0, without OnlineOnlyFlag the message was stored. Unknown fields are ignored.
 */
export function decodeTencentAfterSend(value: unknown): DecodedGroupMessage {
  const checked = checkBody(value);
  if (!checked.ok) return { ok: false, problems: checked.problems.map((problem) => problem.message) };
  const body = checked.value;
  return {
    ok: true,
    event: {
      kind: 'group.message.sent',
      groupId: body.GroupId,
      ...(body.TopicId && { topicId: body.TopicId }),
      groupType: body.Type,
      sender: body.From_Account,
      operator: body.Operator_Account ?? body.From_Account,
      random: body.Random ?? 0,
      msgSeq: body.MsgSeq,
      msgTime: body.MsgTime,
      ...(body.EventTime !== undefined && { eventTime: Number(body.EventTime) }),
      onlineOnly: body.OnlineOnlyFlag === 1,
      msgBody: body.MsgBody,
      ...(body.CloudCustomData && { cloudCustomData: body.CloudCustomData }),
      ...(body.MsgId && { msgId: body.MsgId }),
      ...(body.GroupAtInfo?.length && { at: body.GroupAtInfo.map(readAt) }),
    },
  };
}

function readAt(at: { GroupAtAllFlag: number; GroupAt_Account?: string }): GroupAt {
  if (at.GroupAtAllFlag === 1) return { all: true };
  return { all: false, ...(at.GroupAt_Account !== undefined && { userId: at.GroupAt_Account }) };
}
