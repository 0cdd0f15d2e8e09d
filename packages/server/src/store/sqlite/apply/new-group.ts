import { type CreateGroupDecision, decideCreateGroup } from '../../../domain/create-group.ts';
import { makeGroupId } from '../../../domain/group-id.ts';
import { GROUP_TYPE_TRAITS } from '../../../domain/group-types.ts';
import { type Refusal, refuse } from '../../../domain/refusal.ts';
import type { CreateGroup, ImportGroup, ResultMap } from '../../commands.ts';
import type { GroupState } from '../groups.ts';
import type { Tables } from '../tables.ts';
import { appendFact, type LogFacts } from './append.ts';

export function applyCreateGroup(tables: Tables, command: CreateGroup): ResultMap['createGroup'] {
  const created = begin(tables, command, Math.floor(command.now / 1000));
  if ('kind' in created) return created;
  appendFact(tables, created, 'group.created', command, createdFacts(command));
  return { kind: 'created', groupId: created.group.groupId };
}

/** The same without a word to anybody (tencent-rest-group C1.7). */
export function applyImportGroup(tables: Tables, command: ImportGroup): ResultMap['importGroup'] {
  const { groupType, createTime } = command;
  if (!GROUP_TYPE_TRAITS[groupType].importable) {
    return refuse('PERMISSION_DENIED', `a group of type ${groupType} cannot be imported; create it`);
  }
  const now = Math.floor(command.now / 1000);
  if (createTime !== undefined && createTime > now) {
    return refuse('INVALID_PARAMETERS', `CreateTime: ${createTime} is in the future, it is ${now} now`);
  }
  const created = begin(tables, command, createTime ?? now);
  return 'kind' in created ? created : { kind: 'created', groupId: created.group.groupId };
}

/** May this group be created, and with whom? Changes nothing. */
export function decideNewGroup(
  tables: Tables,
  command: CreateGroup | ImportGroup,
): CreateGroupDecision | Refusal {
  const { app, owner } = command;
  const members = membersOf(command);
  const accounts = [...(owner === undefined ? [] : [owner]), ...members.map((member) => member.userId)];
  const holder = command.groupId === undefined ? undefined : tables.groups.get(app, command.groupId);
  const { groupsPerUser, groupsPerApp, avChatRoomsPerApp } = tables.rules;
  return decideCreateGroup(
    { ...command, members },
    {
      ...(holder === undefined ? {} : { holder: holder.group }),
      missingAccounts: accounts.filter((userId) => tables.accounts.get(app, userId) === undefined),
      groupsOfOwner: owner === undefined ? 0 : tables.members.groupsOf(app, owner, groupsPerUser),
      groupsOfApp: groupsPerApp === 0 ? 0 : tables.groups.count(app),
      avChatRoomsOfApp: avChatRoomsPerApp === 0 ? 0 : tables.groups.count(app, 'AVChatRoom'),
    },
    tables.rules,
  );
}

function membersOf(command: CreateGroup | ImportGroup): NonNullable<CreateGroup['members']> {
  return command.type === 'createGroup' ? (command.members ?? []) : [];
}

/** `createTime` in unix seconds. */
function begin(tables: Tables, command: CreateGroup | ImportGroup, createTime: number): GroupState | Refusal {
  const { app } = command;
  const decision = decideNewGroup(tables, command);
  if (decision.kind === 'refused') return decision;
  const state = tables.groups.create(groupOf(command, decision, createTime), decision.members.length + 1);
  const dataOf = new Map(membersOf(command).map((member) => [member.userId, member.appDefinedData ?? []]));
  decision.members.forEach(({ userId, role }, index) => {
    const data = dataOf.get(userId) ?? [];
    const member = { userId, role, ordinal: index + 1, joinTime: createTime, readSeq: 0, data };
    tables.members.add(state.group.streamId, app, member);
  });
  return state;
}

function groupOf(
  command: CreateGroup | ImportGroup,
  { members, maxMemberNum, applyJoinOption }: CreateGroupDecision,
  createTime: number,
): Parameters<Tables['groups']['create']>[0] {
  const { app, groupType } = command;
  const traits = GROUP_TYPE_TRAITS[groupType];
  const supportTopic = command.supportTopic === true;
  return {
    app,
    groupId: command.groupId ?? makeGroupId(groupType, command.idSeed),
    type: groupType,
    name: command.name,
    introduction: command.introduction ?? '',
    notification: command.notification ?? '',
    faceUrl: command.faceUrl ?? '',
    owner: command.owner ?? '',
    createTime,
    infoSeq: 1,
    lastInfoTime: createTime,
    lastMsgTime: 0,
    nextMsgSeq: 1,
    memberNum: members.length,
    maxMemberNum,
    applyJoinOption,
    inviteJoinOption: (traits.inviteJoinOptionUsable ? command.inviteJoinOption : undefined) ?? 'FreeAccess',
    muteAll: false,
    supportTopic,
    historyBeforeJoin: traits.historyBeforeJoin,
    enablePermission: supportTopic && command.enablePermission === true,
    defaultPermission: supportTopic ? (command.defaultPermission ?? 0) : 0,
    active: !traits.activatedByFirstMessage,
    appDefinedData: command.appDefinedData ?? [],
  };
}

function createdFacts(command: CreateGroup): LogFacts['group.created'] {
  const { operator, owner, name, introduction, notification, faceUrl, applyJoinOption } = command;
  // As they were added: whoever is named twice counts as he was named first, and the owner is told as that alone.
  const told = new Set([owner]);
  const members = (command.members ?? []).filter(({ userId }) => !told.has(userId) && told.add(userId));
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
