import type { AddMembers, CreateGroup } from '../../commands.ts';
import type { ChangePreview } from '../../store.ts';
import type { CreateTopic } from '../../topic-commands.ts';
import type { Tables } from '../tables.ts';
import { liveGroup } from './live-group.ts';
import { decideAdd } from './members.ts';
import { decideNewGroup } from './new-group.ts';
import { decideTopic } from './topics.ts';

/** What would become of a change that app backends may be asked about first: the decision of its command, and nothing else. */
export function previewChange(
  tables: Tables,
  command: CreateGroup | AddMembers | CreateTopic,
): ChangePreview {
  if (command.type === 'createGroup') {
    const decision = decideNewGroup(tables, command);
    if (decision.kind === 'refused') return decision;
    return { kind: 'acceptable', groupType: command.groupType, joining: [] };
  }
  if (command.type === 'createTopic') {
    const decided = decideTopic(tables, command);
    if ('kind' in decided) return decided;
    return { kind: 'acceptable', groupType: decided.community.group.type, joining: [] };
  }
  const found = liveGroup(tables, command.app, command.groupId);
  if ('kind' in found) return found;
  const decision = decideAdd(tables, found, command);
  if (decision.kind === 'refused') return decision;
  return { kind: 'acceptable', groupType: found.group.type, joining: decision.added };
}
