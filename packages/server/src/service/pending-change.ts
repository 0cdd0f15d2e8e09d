import type { PendingChange } from '@confab-im/protocol';
import type { CommandSource, CreateGroup } from '../store/commands.ts';

/** Where a question belongs, whatever it is about. */
export function pendingPlace(
  command: { readonly now: number; readonly from?: CommandSource },
  group: { readonly groupId: string; readonly groupType: string },
): Pick<PendingChange, 'groupId' | 'groupType' | 'eventTime' | 'clientIp' | 'platform' | 'operationID'> {
  const { clientIp = '', platform = 'RESTAPI', operationId: operationID = '' } = command.from ?? {};
  return { ...group, eventTime: command.now, clientIp, platform, operationID };
}

/** A group that is about to be created, as a before-webhook tells it. */
export function pendingGroup(command: CreateGroup): PendingChange<'group.before-create'> {
  const { operator, owner, name, introduction, notification, faceUrl, applyJoinOption } = command;
  const members = command.members ?? [];
  const admins = members.filter(({ role }) => role === 'Admin').map(({ userId }) => userId);
  return {
    kind: 'group.before-create',
    ...pendingPlace(command, { groupId: command.groupId ?? '', groupType: command.groupType }),
    operator,
    owner: owner ?? '',
    name,
    members: members.map(({ userId }) => userId),
    ...(admins.length > 0 && { admins }),
    ...(introduction !== undefined && { introduction }),
    ...(notification !== undefined && { notification }),
    ...(faceUrl !== undefined && { faceUrl }),
    ...(applyJoinOption !== undefined && { applyJoinOption }),
  };
}
