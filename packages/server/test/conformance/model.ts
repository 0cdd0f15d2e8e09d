import type {
  Command,
  CreateGroup,
  ModifyMember,
  MuteMembers,
  ResultMap,
  SendMessage,
} from '../../src/store/commands.ts';

interface ModelMessage {
  readonly sender: string;
  readonly random: number;
  readonly tip: boolean;
}

interface ModelGroup {
  readonly type: CreateGroup['groupType'];
  name: string;
  /** Empty: nobody. */
  owner: string;
  infoSeq: number;
  readonly members: Map<string, { role: string; nameCard: string }>;
  readonly muted: Set<string>;
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
      case 'modifyGroup':
        return this.#rename(command.groupId, command.changes.name ?? '');
      case 'changeOwner':
        return this.#own(command.groupId, command.newOwner);
      case 'modifyMember':
        return this.#modify(command);
      case 'muteMembers':
        return this.#mute(command);
      case 'sendMessage':
        return this.#send(command);
      default:
        throw new Error(`the model knows no ${command.type}`);
    }
  }

  #create({ groupId = '', groupType, name, members = [] }: CreateGroup): string {
    if (this.groups.has(groupId)) return 'refused';
    const names = groupType === 'AVChatRoom' ? [] : members.map((member) => member.userId);
    const group: ModelGroup = {
      type: groupType,
      name,
      owner: '',
      infoSeq: 1,
      members: new Map(names.map((userId) => [userId, newMember()])),
      muted: new Set(),
      numbered: [],
      copies: new Map(),
      log: 1,
    };
    this.groups.set(groupId, group);
    this.events.set(groupId, []);
    return 'created';
  }

  #add(groupId: string, userIds: readonly string[]): string {
    const group = this.groups.get(groupId);
    if (group === undefined || group.type === 'AVChatRoom') return 'refused';
    const added = userIds.filter((userId) => !group.members.has(userId));
    for (const userId of added) group.members.set(userId, newMember());
    if (added.length > 0) this.#changed(group);
    return 'done';
  }

  #remove(groupId: string, userIds: readonly string[]): string {
    const group = this.groups.get(groupId);
    if (group === undefined || group.type === 'AVChatRoom') return 'refused';
    const ownerLeaves = userIds.includes(group.owner);
    if (ownerLeaves && group.type !== 'Private') return 'refused';
    const removed = userIds.filter((userId) => group.members.delete(userId));
    if (removed.length > 0) this.#changed(group);
    if (ownerLeaves) {
      group.owner = '';
      this.#changed(group, []);
    }
    return 'done';
  }

  #rename(groupId: string, name: string): string {
    const group = this.groups.get(groupId);
    if (group === undefined) return 'refused';
    if (name === group.name) return 'done';
    group.name = name;
    group.infoSeq += 1;
    this.#changed(group, ['Public', 'Private', 'ChatRoom']);
    return 'done';
  }

  #own(groupId: string, newOwner: string): string {
    const group = this.groups.get(groupId);
    const member = group?.members.get(newOwner);
    if (group === undefined || group.type === 'AVChatRoom' || member === undefined) return 'refused';
    if (newOwner === group.owner) return 'done';
    const before = group.members.get(group.owner);
    if (before !== undefined) before.role = 'Member';
    member.role = 'Owner';
    group.owner = newOwner;
    group.infoSeq += 1;
    this.#changed(group, ['Public', 'Private', 'ChatRoom']);
    return 'done';
  }

  #modify({ groupId, userId, role, nameCard }: ModifyMember): string {
    const group = this.groups.get(groupId);
    const member = group?.members.get(userId);
    if (group === undefined || group.type === 'AVChatRoom' || member === undefined) return 'refused';
    if (role !== undefined && (userId === group.owner || (role === 'Admin' && group.type === 'Private')))
      return 'refused';
    const promoted = role !== undefined && role !== member.role;
    const renamed = nameCard !== undefined && nameCard !== member.nameCard;
    Object.assign(member, role && { role }, nameCard !== undefined && { nameCard });
    if (promoted || renamed) this.#changed(group, promoted ? undefined : []);
    return 'done';
  }

  #mute({ groupId, userIds, seconds }: MuteMembers): string {
    const group = this.groups.get(groupId);
    if (group === undefined || group.type === 'Private') return 'refused';
    for (const userId of userIds) {
      if (seconds === 0) group.muted.delete(userId);
      else group.muted.add(userId);
    }
    this.#changed(group);
    return 'done';
  }

  /** A change is an event, and a tip where there are tips of it; a Work group has them from its first message on. */
  #changed(group: ModelGroup, tellingTypes = ['Public', 'Private']): void {
    group.log += 1;
    const tips = group.type !== 'Private' || group.numbered.length > 0;
    if (tips && tellingTypes.includes(group.type))
      group.numbered.push({ sender: 'administrator', random: 0, tip: true });
  }

  #send({ groupId, sender, random, onlineOnly, to = [] }: SendMessage): string {
    const group = this.groups.get(groupId);
    if (group === undefined || to.some((userId) => !group.members.has(userId))) return 'refused';
    if (group.muted.has(sender)) return 'refused';
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

function newMember(): { role: string; nameCard: string } {
  return { role: 'Member', nameCard: '' };
}

/** A store's answer in the words of the model. */
export function inWords(result: ResultMap[Command['type']]): string {
  if (result.kind === 'sent') return `sent ${result.msgSeq} ${result.logSeq}`;
  if (result.kind === 'duplicate') return `duplicate ${result.msgSeq}`;
  return result.kind;
}
