import {
  canonicalJson,
  checkMsgBody,
  ERRORS,
  type ImportGroupMsgRequest,
  type ImportGroupMsgResponse,
} from '@confab-im/protocol';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { decodeTopic } from './topic.ts';

export interface ImportWanted {
  readonly groupId: string;
  readonly topicId?: string;
  readonly messages: readonly {
    readonly sender: string;
    readonly sendTime: number;
    readonly random?: number;
    readonly msgBodyJson: string;
    readonly cloudCustomData?: string;
  }[];
}

/** There are no conversation lists yet, so `RecentContactFlag` has nothing to do. */
export function decodeImport(request: ImportGroupMsgRequest): ImportWanted | Refusal {
  const messages: ImportWanted['messages'][number][] = [];
  for (const [i, { From_Account, SendTime, Random, MsgBody, CloudCustomData }] of request.MsgList.entries()) {
    const body = checkMsgBody(MsgBody);
    if (!body.ok) {
      return refuse(
        'INVALID_PARAMETERS',
        `MsgList[${i}].${body.problems[0]?.message ?? 'MsgBody: is malformed'}`,
      );
    }
    messages.push({
      sender: From_Account,
      sendTime: SendTime,
      ...(Random !== undefined && { random: Random }),
      msgBodyJson: canonicalJson(body.value),
      ...(CloudCustomData !== undefined && { cloudCustomData: CloudCustomData }),
    });
  }
  return { groupId: request.GroupId, ...decodeTopic(request.TopicId), messages };
}

export function encodeImported(
  messages: readonly { readonly msgSeq: number; readonly msgTime: number; readonly refusal?: Refusal }[],
): ImportGroupMsgResponse {
  return {
    ImportMsgResult: messages.map(({ msgSeq, msgTime, refusal }) => ({
      MsgSeq: msgSeq,
      MsgTime: msgTime,
      Result: refusal === undefined ? 0 : ERRORS[refusal.error].code,
    })),
  };
}
