import type { Group } from './group.ts';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Can messages be imported into this group, and are all their senders known? */
export function importRefusal(
  { groupId, type }: Group,
  unknownSender: string | undefined,
): Refusal | undefined {
  if (!GROUP_TYPE_TRAITS[type].importable) {
    return refuse(
      'PERMISSION_DENIED',
      `group "${groupId}" is of type ${type}, which keeps no messages to import`,
    );
  }
  if (unknownSender === undefined) return undefined;
  return refuse(
    'INVALID_PARAMETERS',
    `From_Account "${unknownSender}" does not exist; import the accounts first`,
  );
}

/**
 * Is this the time of a message that can come next? None is older than its group or than the newest message, nor from the future;
 * several of one second are taken (tencent-rest-message C2.4). All in unix seconds.
 */
export function importTimeRefusal(
  { createTime, lastMsgTime }: Group,
  sendTime: number,
  now: number,
): Refusal | undefined {
  if (sendTime > now) return refuse('INVALID_PARAMETERS', `SendTime ${sendTime}: lies in the future`);
  if (sendTime < createTime) {
    return refuse(
      'INVALID_PARAMETERS',
      `SendTime ${sendTime}: the group was created later, at ${createTime}`,
    );
  }
  if (sendTime < lastMsgTime) {
    return refuse(
      'INVALID_PARAMETERS',
      `SendTime ${sendTime}: the group has a later message, of ${lastMsgTime}`,
    );
  }
  return undefined;
}
