import type { Group } from './group.ts';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import type { PlacedMessage } from './history.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Rules } from './rules.ts';
import { sizeRefusal } from './send-message.ts';

/** What of a message in the history decides whether it may be changed; undefined: there is none of that number. */
export type ChangeableMessage = Pick<PlacedMessage, 'state' | 'tip'> | undefined;

/** Can messages of this group be recalled at all? An AVChatRoom has none (tencent-rest G.1 no. 35). */
export function recallTypeRefusal({ groupId, type }: Group): Refusal | undefined {
  return GROUP_TYPE_TRAITS[type].recall
    ? undefined
    : refuse(
        'RECALL_UNSUPPORTED',
        `group "${groupId}" is of type ${type}, which keeps no messages to recall`,
      );
}

/** May an admin recall this message? There is no age limit for him (tencent-rest G.1 no. 29). */
export function recallRefusal(msgSeq: number, message: ChangeableMessage): Refusal | undefined {
  if (message === undefined || message.state === 'deleted') return missing(msgSeq);
  if (message.tip) return refuse('RECALL_DENIED', `message ${msgSeq} is a tip of the system`);
  if (message.state === 'recalled') return refuse('RECALL_DENIED', `message ${msgSeq} was recalled already`);
  return undefined;
}

/** What a modification overwrites; absent parts stay. */
export interface Modification {
  readonly msgSeq: number;
  readonly msgBodyJson?: string;
  readonly cloudCustomData?: string;
}

export function modifyRefusal(
  { groupId, type }: Group,
  modification: Modification,
  message:
    | (ChangeableMessage & { readonly msgBodyJson: string; readonly cloudCustomData?: string })
    | undefined,
  rules: Pick<Rules, 'messageBytes'>,
): Refusal | undefined {
  const { msgSeq } = modification;
  if (!GROUP_TYPE_TRAITS[type].historyStored) {
    return refuse(
      'PERMISSION_DENIED',
      `group "${groupId}" is of type ${type}, which keeps no messages to change`,
    );
  }
  if (message === undefined || message.state === 'deleted') return missing(msgSeq);
  if (message.tip) return refuse('RECALL_DENIED', `message ${msgSeq} is a tip of the system; tips stay`);
  if (message.state === 'recalled') return refuse('RECALL_DENIED', `message ${msgSeq} was recalled`);
  return sizeRefusal({ ...message, ...modification }, rules);
}

function missing(msgSeq: number): Refusal {
  return refuse('MESSAGE_NOT_FOUND', `there is no message ${msgSeq}; check MsgSeq`);
}
