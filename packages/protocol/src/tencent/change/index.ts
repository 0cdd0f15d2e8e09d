import type { GroupEvent } from '../../group-event.ts';
import type { GroupChange, GroupChangeKind } from '../../group-facts.ts';
import type { Decoded } from '../../results.ts';
import type { TencentRevision } from '../after-send.ts';
import type { TencentChange } from './change.ts';
import {
  afterChangeGroupOwner,
  afterCreateGroup,
  afterGroupAttrChanged,
  afterGroupDestroyed,
  afterGroupFull,
  afterGroupInfoChanged,
} from './lifecycle.ts';
import {
  afterMemberExit,
  afterMemberFieldChanged,
  afterNewMemberJoin,
  onMemberStateChange,
} from './members.ts';
import { afterReadReceipt, afterRecallMsg, sendMsgException } from './messages.ts';
import { afterCreateTopic, afterTopicDestroyed, afterTopicInfoChanged } from './topics.ts';

/** Every webhook after something has happened to a group, besides the one after a message. */
const CHANGES: { readonly [Kind in GroupChangeKind]: TencentChange<Kind> } = {
  'group.created': afterCreateGroup,
  'group.destroyed': afterGroupDestroyed,
  'group.members.joined': afterNewMemberJoin,
  'group.members.left': afterMemberExit,
  'group.full': afterGroupFull,
  'group.info.changed': afterGroupInfoChanged,
  'group.owner.changed': afterChangeGroupOwner,
  'group.member.changed': afterMemberFieldChanged,
  'group.attributes.changed': afterGroupAttrChanged,
  'group.message.recalled': afterRecallMsg,
  'group.message.exception': sendMsgException,
  'group.message.receipts': afterReadReceipt,
  'group.members.presence': onMemberStateChange,
  'group.topic.created': afterCreateTopic,
  'group.topics.destroyed': afterTopicDestroyed,
  'group.topic.changed': afterTopicInfoChanged,
};

type AnyChange = Pick<TencentChange<GroupChangeKind>, 'decode'>;

const BY_COMMAND: ReadonlyMap<string, AnyChange> = new Map(
  Object.values(CHANGES).map((change): [string, AnyChange] => [change.command, change]),
);

/** The command of a change. */
export function tencentCommand(kind: GroupChangeKind): string {
  return CHANGES[kind].command;
}

/** The body of a change for one generation of the contract, a pure function: every attempt and every replay sends the same bytes. */
export function encodeTencentChange<Kind extends GroupChangeKind>(
  change: GroupChange<Kind> & { readonly kind: Kind },
  revision: TencentRevision,
): string {
  return CHANGES[change.kind].encode(change, revision);
}

/** Reads the body of such a command from its parsed JSON; undefined for any other command. Unknown fields are ignored. */
export function decodeTencentChange(command: string, value: unknown): Decoded<GroupEvent> | undefined {
  return BY_COMMAND.get(command)?.decode(value);
}
