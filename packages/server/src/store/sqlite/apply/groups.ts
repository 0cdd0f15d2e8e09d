import type { GroupFacts } from '@confab-im/protocol';
import { decideCreateGroup } from '../../../domain/create-group.ts';
import { makeGroupId } from '../../../domain/group-id.ts';
import { GROUP_TYPE_TRAITS } from '../../../domain/group-types.ts';
import type { CreateGroup, DeleteAccounts, DestroyGroup, ResultMap } from '../../commands.ts';
import type { Tables } from '../tables.ts';
import { appendFact } from './append.ts';
import { change, liveGroup } from './live-group.ts';
import { appendTip } from './tips.ts';

/** Members of a disbanded group up to here go at once, those of a larger one with the trimmer. */
const PURGE_AT_ONCE = 1_000;

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
  tables.values.purge(group.streamId);
  tables.groups.destroy(found, command.now);
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
