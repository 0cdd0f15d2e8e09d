import type { GroupEvent } from '../../group-event.ts';
import type { GroupChange, GroupChangeKind } from '../../group-facts.ts';
import { isJsonObject } from '../../json.ts';
import type { Decoded } from '../../results.ts';
import type { OpenImChange } from './change.ts';
import {
  afterCreateGroup,
  afterDismissGroup,
  afterSetGroupInfoEx,
  afterTransferGroupOwner,
} from './lifecycle.ts';
import {
  afterJoinGroup,
  afterKickGroup,
  afterQuitGroup,
  afterRevokeMsg,
  afterSetGroupMemberInfo,
} from './members.ts';

/** What OpenIM calls the changes that it knows. */
export const OPENIM_CHANGES = {
  created: afterCreateGroup.command,
  dismissed: afterDismissGroup.command,
  joined: afterJoinGroup.command,
  kicked: afterKickGroup.command,
  quit: afterQuitGroup.command,
  infoSet: afterSetGroupInfoEx.command,
  memberInfoSet: afterSetGroupMemberInfo.command,
  ownerTransferred: afterTransferGroupOwner.command,
  revoked: afterRevokeMsg.command,
} as const;

export interface EncodedChange {
  readonly command: string;
  readonly body: string;
}

/**
 * Command and body of a change; undefined for what OpenIM has no event for: most of what Tencent tells, and among the joins the
 * invitations. A pure function: every attempt and every replay sends the same bytes.
 */
export function encodeOpenImChange(change: GroupChange): EncodedChange | undefined {
  switch (change.kind) {
    case 'group.created':
      return encoded(afterCreateGroup, change);
    case 'group.destroyed':
      return encoded(afterDismissGroup, change);
    case 'group.members.joined':
      return change.joinType === 'Apply' ? encoded(afterJoinGroup, change) : undefined;
    case 'group.members.left':
      return encoded(change.exitType === 'Kicked' ? afterKickGroup : afterQuitGroup, change);
    case 'group.info.changed':
      return encoded(afterSetGroupInfoEx, change);
    case 'group.member.changed':
      return encoded(afterSetGroupMemberInfo, change);
    case 'group.owner.changed':
      return encoded(afterTransferGroupOwner, change);
    case 'group.message.recalled':
      return encoded(afterRevokeMsg, change);
    default:
      return undefined;
  }
}

function encoded<Kind extends GroupChangeKind>(
  form: OpenImChange<Kind>,
  change: GroupChange<Kind>,
): EncodedChange {
  return { command: form.command, body: form.encode(change) };
}

type AnyChange = Pick<OpenImChange<GroupChangeKind>, 'decode'>;

const BY_COMMAND: ReadonlyMap<string, AnyChange> = new Map(
  [
    afterCreateGroup,
    afterDismissGroup,
    afterJoinGroup,
    afterKickGroup,
    afterQuitGroup,
    afterSetGroupInfoEx,
    afterSetGroupMemberInfo,
    afterTransferGroupOwner,
    afterRevokeMsg,
  ].map((change): [string, AnyChange] => [change.command, change]),
);

/** Reads the body of such a command from its parsed JSON; undefined for any other command, and for a recall in a single chat. */
export function decodeOpenImChange(command: string, value: unknown): Decoded<GroupEvent> | undefined {
  if (command === OPENIM_CHANGES.revoked && isJsonObject(value) && !isOfGroup(value.conversationID)) {
    return undefined;
  }
  return BY_COMMAND.get(command)?.decode(value);
}

function isOfGroup(conversationID: unknown): boolean {
  return typeof conversationID !== 'string' || conversationID.startsWith('sg_');
}
