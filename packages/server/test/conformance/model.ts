import type { Command, CreateGroup, ResultMap, SendMessage } from '../../src/store/commands.ts';

interface ModelMessage {
  readonly sender: string;
  readonly random: number;
  readonly tip: boolean;
}

interface ModelGroup {
  readonly type: CreateGroup['groupType'];
  readonly members: Set<string>;
  /** Numbers given, in order; without a message where none is stored. */
  readonly numbered: (ModelMessage | undefined)[];
  readonly copies: Map<string, number>;
  log: number;
}

/**
 * What a store is to do, said a second time and as simply as can be: plain lists, no batches, no caches, no time. Covers the
 * commands that number things; groups live under the ids given, without limits.
 */
export class Model {
  readonly groups = new Map<string, ModelGroup>();
  /** Random of every message, in the order of their events, by group. */
  readonly events = new Map<string, number[]>();

  /** What the store has to answer, without times and stream ids. */
  apply(command: Command): string {
    switch (command.type) {
      case 'createGroup':
        return this.#create(command);
      case 'destroyGroup':
        return this.groups.delete(command.groupId) ? 'done' : 'refused';
      case 'addMembers':
        return this.#add(command.groupId, command.userIds);
      case 'deleteMembers':
        return this.#remove(command.groupId, command.userIds);
      case 'sendMessage':
        return this.#send(command);
      default:
        throw new Error(`the model knows no ${command.type}`);
    }
  }

  #create({ groupId = '', groupType, members = [] }: CreateGroup): string {
    if (this.groups.has(groupId)) return 'refused';
    const names = groupType === 'AVChatRoom' ? [] : members.map((member) => member.userId);
    const group = { type: groupType, members: new Set(names), numbered: [], copies: new Map(), log: 1 };
    this.groups.set(groupId, group);
    this.events.set(groupId, []);
    return 'created';
  }

  #add(groupId: string, userIds: readonly string[]): string {
    const group = this.groups.get(groupId);
    if (group === undefined || group.type === 'AVChatRoom') return 'refused';
    const added = userIds.filter((userId) => !group.members.has(userId));
    for (const userId of added) group.members.add(userId);
    if (added.length > 0) this.#changed(group);
    return 'done';
  }

  #remove(groupId: string, userIds: readonly string[]): string {
    const group = this.groups.get(groupId);
    if (group === undefined || group.type === 'AVChatRoom') return 'refused';
    const removed = userIds.filter((userId) => group.members.delete(userId));
    if (removed.length > 0) this.#changed(group);
    return 'done';
  }

  /** A membership change is an event, and a tip where there are tips; a Work group has them from its first message on. */
  #changed(group: ModelGroup): void {
    group.log += 1;
    const tips = group.type === 'Public' || (group.type === 'Private' && group.numbered.length > 0);
    if (tips) group.numbered.push({ sender: 'administrator', random: 0, tip: true });
  }

  #send({ groupId, sender, random, onlineOnly, to = [] }: SendMessage): string {
    const group = this.groups.get(groupId);
    if (group === undefined || to.some((userId) => !group.members.has(userId))) return 'refused';
    const copy = `${sender}/${random}`;
    const first = group.copies.get(copy);
    if (first !== undefined) return `duplicate ${first}`;
    const room = group.type === 'AVChatRoom';
    const numbered = room || !onlineOnly;
    if (numbered) group.numbered.push(room ? undefined : { sender, random, tip: false });
    group.log += 1;
    const msgSeq = numbered ? group.numbered.length : 0;
    group.copies.set(copy, msgSeq);
    this.events.get(groupId)?.push(random);
    return `sent ${msgSeq} ${group.log}`;
  }
}

/** A store's answer in the words of the model. */
export function inWords(result: ResultMap[Command['type']]): string {
  if (result.kind === 'sent') return `sent ${result.msgSeq} ${result.logSeq}`;
  if (result.kind === 'duplicate') return `duplicate ${result.msgSeq}`;
  return result.kind;
}
