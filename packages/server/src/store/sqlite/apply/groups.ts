import type { GroupFacts } from '@confab-im/protocol';
import { decideCreateGroup } from '../../../domain/create-group.ts';
import type { Role } from '../../../domain/group.ts';
import { makeGroupId } from '../../../domain/group-id.ts';
import { GROUP_TYPE_TRAITS } from '../../../domain/group-types.ts';
import { decideAddMembers, decideDeleteMembers } from '../../../domain/membership.ts';
import { type Refusal, refuse } from '../../../domain/refusal.ts';
import type {
  AddMembers,
  CreateGroup,
  DeleteAccounts,
  DeleteMembers,
  DestroyGroup,
  MuteMembers,
  ResultMap,
} from '../../commands.ts';
import type { GroupState } from '../groups.ts';
import type { Tables } from '../tables.ts';
import { appendFact, type LogFacts, streamTime } from './append.ts';

/** Members of a disbanded group up to here go at once, those of a larger one with the trimmer. */
const PURGE_AT_ONCE = 1_000;
/** `seconds` that mean for ever (tencent-rest-group C1.13). */
const FOR_EVER = 4_294_967_295;

export function applyCreateGroup(tables: Tables, command: CreateGroup): ResultMap['createGroup'] {
  const { app, owner, groupType } = command;
  const members = command.members ?? [];
  const accounts = [...(owner === undefined ? [] : [owner]), ...members.map((member) => member.userId)];
  const holder = command.groupId === undefined ? undefined : tables.groups.get(app, command.groupId);
  const decision = decideCreateGroup(
    command,
    {
      ...(holder === undefined ? {} : { holder: holder.group }),
      missingAccounts: accounts.filter((userId) => tables.accounts.get(app, userId) === undefined),
      groupsOfOwner:
        owner === undefined ? 0 : tables.members.groupsOf(app, owner, tables.rules.groupsPerUser),
      groupsOfApp: tables.rules.groupsPerApp === 0 ? 0 : tables.groups.count(app),
      avChatRoomsOfApp: tables.rules.avChatRoomsPerApp === 0 ? 0 : tables.groups.count(app, 'AVChatRoom'),
    },
    tables.rules,
  );
  if (decision.kind === 'refused') return decision;
  const groupId = command.groupId ?? makeGroupId(groupType, command.idSeed);
  const now = Math.floor(command.now / 1000);
  const state = tables.groups.create(
    {
      app,
      groupId,
      type: groupType,
      name: command.name,
      introduction: command.introduction ?? '',
      notification: command.notification ?? '',
      faceUrl: command.faceUrl ?? '',
      owner: owner ?? '',
      createTime: now,
      infoSeq: 1,
      lastInfoTime: now,
      lastMsgTime: 0,
      nextMsgSeq: 1,
      memberNum: decision.members.length,
      maxMemberNum: decision.maxMemberNum,
      applyJoinOption: decision.applyJoinOption,
      inviteJoinOption: command.inviteJoinOption ?? 'FreeAccess',
      muteAll: false,
      supportTopic: false,
      active: !GROUP_TYPE_TRAITS[groupType].activatedByFirstMessage,
      appDefinedData: command.appDefinedData ?? [],
    },
    decision.members.length + 1,
  );
  const dataOf = new Map(members.map((member) => [member.userId, member.appDefinedData ?? []]));
  decision.members.forEach(({ userId, role }, index) => {
    const data = dataOf.get(userId) ?? [];
    tables.members.add(state.group.streamId, app, { userId, role, ordinal: index + 1, joinTime: now, data });
  });
  appendFact(tables, state, 'group.created', command, createdFacts(command));
  return { kind: 'created', groupId };
}

function createdFacts(command: CreateGroup): GroupFacts['group.created'] {
  const { operator, owner, name, introduction, notification, faceUrl, applyJoinOption } = command;
  const members = command.members ?? [];
  const admins = members.filter(({ role }) => role === 'Admin').map(({ userId }) => userId);
  return {
    operator,
    owner: owner ?? '',
    name,
    members: members.map(({ userId }) => userId),
    ...(admins.length > 0 && { admins }),
    ...(introduction && { introduction }),
    ...(notification && { notification }),
    ...(faceUrl && { faceUrl }),
    ...(applyJoinOption && { applyJoinOption }),
    ...(command.appDefinedData?.length && { customData: command.appDefinedData }),
  };
}

export function applyDestroyGroup(tables: Tables, command: DestroyGroup): ResultMap['destroyGroup'] {
  const found = liveGroup(tables, command.app, command.groupId);
  if ('kind' in found) return found;
  const { group } = found;
  appendFact(tables, found, 'group.destroyed', command, {
    operator: command.operator,
    owner: group.owner,
    name: group.name,
  });
  const purgeable = group.memberNum <= PURGE_AT_ONCE;
  if (purgeable && tables.members.purge(group.streamId, PURGE_AT_ONCE) < PURGE_AT_ONCE) {
    change(tables, found, { memberNum: 0 });
  }
  tables.groups.destroy(found, command.now);
  return { kind: 'done' };
}

export function applyAddMembers(tables: Tables, command: AddMembers): ResultMap['addMembers'] {
  const { app } = command;
  const found = liveGroup(tables, app, command.groupId);
  if ('kind' in found) return found;
  const { streamId } = found.group;
  const decision = decideAddMembers(
    found.group,
    command.userIds.map((userId) => ({
      userId,
      exists: tables.accounts.get(app, userId) !== undefined,
      isMember: tables.members.isMember(streamId, userId),
      groupsOfUser: tables.members.groupsOf(app, userId, tables.rules.groupsPerUser),
    })),
    tables.rules,
  );
  if (decision.kind === 'refused') {
    if (decision.error === 'GROUP_FULL') appendFull(tables, found, command);
    return decision;
  }
  const joinTime = Math.floor(command.now / 1000);
  for (const userId of decision.added) {
    const member = { userId, role: 'Member' as Role, ordinal: found.nextOrdinal, joinTime, data: [] };
    tables.members.add(streamId, app, member);
    found.nextOrdinal += 1;
  }
  if (decision.added.length > 0) {
    change(tables, found, { memberNum: found.group.memberNum + decision.added.length });
    const facts = { operator: command.operator, joinType: 'Invited', members: decision.added } as const;
    appendTip(tables, found, 'group.members.joined', command, facts, command.silent);
  }
  if (decision.full) appendFull(tables, found, command);
  return { kind: 'done', members: decision.results };
}

/** Told of each join that filled the group, and of each that failed because it is full (tencent-webhooks C.12). */
function appendFull(tables: Tables, state: GroupState, command: AddMembers): void {
  const { memberNum, maxMemberNum } = state.group;
  appendFact(tables, state, 'group.full', command, { memberNum, maxMemberNum });
}

export function applyDeleteMembers(tables: Tables, command: DeleteMembers): ResultMap['deleteMembers'] {
  const found = liveGroup(tables, command.app, command.groupId);
  if ('kind' in found) return found;
  const decision = decideDeleteMembers(found.group, command.userIds);
  if (decision.kind === 'refused') return decision;
  const { streamId } = found.group;
  const gone = [...new Set(command.userIds)].filter((userId) => tables.members.remove(streamId, userId));
  if (gone.length === 0) return { kind: 'done' };
  change(tables, found, {
    memberNum: found.group.memberNum - gone.length,
    ...(decision.ownerLeaves ? { owner: '' } : {}),
  });
  const reason = command.reason === undefined ? {} : { reason: command.reason };
  const facts = { operator: command.operator, exitType: 'Kicked', members: gone, ...reason } as const;
  appendTip(tables, found, 'group.members.left', command, facts, command.silent);
  return { kind: 'done' };
}

export function applyMuteMembers(tables: Tables, command: MuteMembers): ResultMap['muteMembers'] {
  const found = liveGroup(tables, command.app, command.groupId);
  if ('kind' in found) return found;
  const { group } = found;
  if (!GROUP_TYPE_TRAITS[group.type].memberMute) {
    return refuse('PERMISSION_DENIED', `members of a ${group.type} group cannot be muted`);
  }
  const missing = command.userIds.find((userId) => tables.accounts.get(command.app, userId) === undefined);
  if (missing !== undefined) return refuse('ACCOUNT_NOT_FOUND', `account "${missing}" does not exist`);
  const now = Math.floor(command.now / 1000);
  const until = command.seconds === 0 ? 0 : command.seconds === FOR_EVER ? FOR_EVER : now + command.seconds;
  for (const userId of command.userIds) tables.members.mute(group.streamId, userId, until);
  const facts = { operator: command.operator, members: command.userIds, until };
  appendFact(tables, found, 'group.members.muted', command, facts);
  return { kind: 'done' };
}

/** Deletes accounts and takes them out of their groups; groups they owned stay without an owner. */
export function applyDeleteAccounts(tables: Tables, command: DeleteAccounts): ResultMap['deleteAccounts'] {
  const deleted: string[] = [];
  for (const userId of command.userIds) {
    if (!tables.accounts.delete(command.app, userId)) continue;
    deleted.push(userId);
    for (const streamId of tables.members.streamsOf(command.app, userId)) {
      const groupId = tables.groups.identity(streamId)?.groupId;
      const state = groupId === undefined ? undefined : tables.groups.get(command.app, groupId);
      tables.members.remove(streamId, userId);
      if (state === undefined || state.group.streamId !== streamId) continue;
      const owner = state.group.owner === userId ? { owner: '' } : {};
      change(tables, state, { memberNum: state.group.memberNum - 1, ...owner });
      const facts = { operator: userId, exitType: 'Quit', members: [userId] } as const;
      appendTip(tables, state, 'group.members.left', command, facts, false);
    }
  }
  return { kind: 'done', deleted };
}

function liveGroup(tables: Tables, app: number, groupId: string): GroupState | Refusal {
  return tables.groups.get(app, groupId) ?? refuse('GROUP_NOT_FOUND', `group "${groupId}" does not exist`);
}

function change(tables: Tables, state: GroupState, changes: Partial<GroupState['group']>): void {
  state.group = { ...state.group, ...changes };
  tables.groups.touch(state);
}

/**
 * A membership change in the log, and in history as a tip that takes a `MsgSeq` where the group's type keeps tips
 * (types-errors E.2). A Work group that is not active yet sends no tips.
 */
function appendTip<Kind extends 'group.members.joined' | 'group.members.left'>(
  tables: Tables,
  state: GroupState,
  kind: Kind,
  command: Pick<AddMembers, 'now' | 'from'>,
  facts: LogFacts[Kind],
  silent: boolean,
): void {
  const { group } = state;
  const visible = GROUP_TYPE_TRAITS[group.type].joinTip === 'stored' && group.active && !silent;
  const time = streamTime(state, command.now);
  const { seq: logSeq } = appendFact(tables, state, kind, command, facts);
  if (!visible) return;
  const msgSeq = group.nextMsgSeq;
  tables.log.insertMessage(
    group.streamId,
    { msgSeq, logSeq, time, tip: true },
    {
      sender: facts.operator,
      operator: facts.operator,
      random: 0,
      priority: 'Normal',
      body: JSON.stringify([{ MsgContent: { kind, ...facts }, MsgType: 'TIMGroupTipElem' }]),
      cloudCustomData: null,
      extra: null,
    },
  );
  change(tables, state, { nextMsgSeq: msgSeq + 1, lastMsgTime: Math.floor(time / 1000) });
}
