import { decideModifyGroup } from '../../../domain/modify-group.ts';
import { decideChangeOwner } from '../../../domain/ownership.ts';
import type { ChangeOwner, ModifyGroup, ResultMap } from '../../commands.ts';
import type { Tables } from '../tables.ts';
import { changeProfile, liveGroup, operatorRefusal } from './live-group.ts';
import { appendTip } from './tips.ts';

export function applyModifyGroup(tables: Tables, command: ModifyGroup): ResultMap['modifyGroup'] {
  const found = liveGroup(tables, command.app, command.groupId);
  if ('kind' in found) return found;
  const refusal = operatorRefusal(tables, command);
  if (refusal !== undefined) return refusal;
  const decision = decideModifyGroup(found.group, command.changes, tables.rules);
  if (decision.kind === 'refused') return decision;
  const { changes, told, changedData } = decision;
  if (Object.keys(changes).length === 0) return { kind: 'done' };
  changeProfile(tables, found, changes, command.now);
  if (Object.keys(told).length > 0) {
    const customData = changedData.length === 0 ? {} : { customData: changedData };
    const facts = { operator: command.operator, ...told, ...customData };
    appendTip(tables, found, 'group.info.changed', command, facts);
  }
  return { kind: 'done' };
}

export function applyChangeOwner(tables: Tables, command: ChangeOwner): ResultMap['changeOwner'] {
  const found = liveGroup(tables, command.app, command.groupId);
  if ('kind' in found) return found;
  const refusal = operatorRefusal(tables, command);
  if (refusal !== undefined) return refusal;
  const { owner: oldOwner, streamId } = found.group;
  const { newOwner, operator } = command;
  const decision = decideChangeOwner(found.group, newOwner, tables.members.isMember(streamId, newOwner));
  if (decision.kind !== 'change') return decision.kind === 'refused' ? decision : { kind: 'done' };
  if (oldOwner !== '') tables.members.update(streamId, oldOwner, { role: 'Member' });
  tables.members.update(streamId, newOwner, { role: 'Owner' });
  changeProfile(tables, found, { owner: newOwner }, command.now);
  appendTip(tables, found, 'group.owner.changed', command, { operator, oldOwner, newOwner });
  return { kind: 'done' };
}
