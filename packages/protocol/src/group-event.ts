import type { MessageOrigin, MsgElement } from './event.ts';
import type { GroupChangeKind, GroupFacts } from './group-facts.ts';

/** The facts of each kind that every dialect with a form for it tells; the others are optional for whoever reads a webhook. */
interface Told {
  readonly 'group.created': 'owner' | 'name' | 'members';
  readonly 'group.destroyed': 'owner';
  readonly 'group.members.joined': 'joinType' | 'members';
  readonly 'group.members.left': 'exitType' | 'members';
  readonly 'group.full': never;
  readonly 'group.info.changed': never;
  readonly 'group.owner.changed': 'oldOwner' | 'newOwner';
  readonly 'group.member.changed': 'member';
  readonly 'group.attributes.changed': 'attributes';
  readonly 'group.message.recalled': 'msgSeqs';
  readonly 'group.message.exception':
    | 'sender'
    | 'random'
    | 'onlineOnly'
    | 'msgBody'
    | 'errorCode'
    | 'errorInfo';
  readonly 'group.message.receipts': 'receipts';
  readonly 'group.members.presence': 'state' | 'members';
  readonly 'group.topic.created': 'topicId' | 'name';
  readonly 'group.topics.destroyed': 'topicIds';
  readonly 'group.topic.changed': never;
}

/** Facts as a reader has them: elements instead of their text. */
type ReadFacts<Kind extends GroupChangeKind> = Kind extends 'group.message.exception'
  ? Omit<GroupFacts[Kind], 'msgBodyJson'> & { readonly msgBody: readonly MsgElement[] }
  : GroupFacts[Kind];

type Required<Facts, Keys> = Pick<Facts, Extract<keyof Facts, Keys>> & Partial<Facts>;

/** What a dialect's body says of a change, besides where and when. */
export type HeardFacts<Kind extends GroupChangeKind> = Required<ReadFacts<Kind>, Told[Kind]>;

/** A change in a group, as a receiver reads it. `groupType` and `eventTime` are absent where the dialect does not tell them. */
export type GroupEvent<Kind extends GroupChangeKind = GroupChangeKind> = {
  readonly [K in Kind]: GroupEventPlace & HeardFacts<K> & { readonly kind: K };
}[Kind];

export interface GroupEventPlace {
  readonly groupId: string;
  readonly groupType?: string;
  /** Unix milliseconds. */
  readonly eventTime?: number;
  /** Confab's own dialect only. */
  readonly origin?: Pick<MessageOrigin, 'operationId' | 'clientIp' | 'platform'>;
}
