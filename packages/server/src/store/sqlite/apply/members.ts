import { decideImportMembers } from '../../../domain/import-members.ts';
import {
  type AddDecision,
  type Candidate,
  decideAddMembers,
  deleteMembersRefusal,
} from '../../../domain/membership.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import type { AddMembers, DeleteMembers, ImportMembers, ResultMap } from '../../commands.ts';
import type { GroupState } from '../groups.ts';
import type { NewMember } from '../members.ts';
import type { Tables } from '../tables.ts';
import { appendFact, type LogFacts } from './append.ts';
import { change, liveGroup } from './live-group.ts';
import { appendTip } from './tips.ts';

/** Who of the users joins? Changes nothing. */
export function decideAdd(
  tables: Tables,
  { group }: GroupState,
  { app, userIds, letIn }: AddMembers,
): AddDecision | Refusal {
  const candidates = userIds.map((userId) => ({
    ...candidate(tables, app, group.streamId, userId),
    keptOut: letIn?.includes(userId) === false,
  }));
  return decideAddMembers(group, candidates, tables.rules);
}

export function applyAddMembers(tables: Tables, command: AddMembers): ResultMap['addMembers'] {
  const found = liveGroup(tables, command.app, command.groupId);
  if ('kind' in found) return found;
  const decision = decideAdd(tables, found, command);
  if (decision.kind === 'refused') {
    if (decision.error === 'GROUP_FULL') appendFull(tables, found, command);
    return decision;
  }
  const joinTime = Math.floor(command.now / 1000);
  // What was sent before is nothing that a new member has left unread.
  const readSeq = found.group.nextMsgSeq - 1;
  const joining = decision.added.map((userId) => ({ userId, role: 'Member' as const, joinTime, readSeq }));
  join(tables, found, joining);
  if (joining.length > 0) {
    const facts = { operator: command.operator, joinType: 'Invited', members: decision.added } as const;
    appendTip(tables, found, 'group.members.joined', command, facts, command.silent);
  }
  if (decision.full) appendFull(tables, found, command);
  return { kind: 'done', members: decision.results };
}

/** As added, but without a word to anybody (tencent-rest-group C1.17). */
export function applyImportMembers(tables: Tables, command: ImportMembers): ResultMap['importMembers'] {
  const { app } = command;
  const found = liveGroup(tables, app, command.groupId);
  if ('kind' in found) return found;
  const { streamId } = found.group;
  const decision = decideImportMembers(
    found.group,
    command.members.map((member) => ({ ...member, ...candidate(tables, app, streamId, member.userId) })),
    tables.rules,
    Math.floor(command.now / 1000),
  );
  if (decision.kind === 'refused') return decision;
  join(tables, found, decision.joining);
  return { kind: 'done', members: decision.results };
}

function candidate(tables: Tables, app: number, streamId: number, userId: string): Candidate {
  return {
    userId,
    exists: tables.accounts.get(app, userId) !== undefined,
    isMember: tables.members.isMember(streamId, userId),
    groupsOfUser: tables.members.groupsOf(app, userId, tables.rules.groupsPerUser),
  };
}

function join(
  tables: Tables,
  state: GroupState,
  joining: readonly Omit<NewMember, 'ordinal' | 'data'>[],
): void {
  const { streamId, app, memberNum } = state.group;
  if (joining.length === 0) return;
  for (const member of joining) {
    tables.members.add(streamId, app, { ...member, ordinal: state.nextOrdinal, data: [] });
    state.nextOrdinal += 1;
  }
  change(tables, state, { memberNum: memberNum + joining.length });
}

/** Told of each join that filled the group, and of each that failed because it is full (tencent-webhooks C.12). */
function appendFull(tables: Tables, state: GroupState, command: AddMembers): void {
  const { memberNum, maxMemberNum } = state.group;
  appendFact(tables, state, 'group.full', command, { memberNum, maxMemberNum });
}

export function applyDeleteMembers(tables: Tables, command: DeleteMembers): ResultMap['deleteMembers'] {
  const found = liveGroup(tables, command.app, command.groupId);
  if ('kind' in found) return found;
  const refusal = deleteMembersRefusal(found.group, command.userIds);
  if (refusal !== undefined) return refusal;
  const { streamId } = found.group;
  const members = [...new Set(command.userIds)].filter((userId) => tables.members.remove(streamId, userId));
  const reason = command.reason === undefined ? {} : { reason: command.reason };
  const facts = { operator: command.operator, exitType: 'Kicked', members, ...reason } as const;
  if (members.length > 0) departed(tables, found, command, facts);
  return { kind: 'done' };
}

/** These members were removed. A group without its owner has none, until `change_group_owner` appoints one. */
export function departed(
  tables: Tables,
  state: GroupState,
  command: Pick<DeleteMembers, 'now' | 'from' | 'silent'>,
  facts: LogFacts['group.members.left'],
): void {
  const { app, groupId, owner: oldOwner, memberNum, supportTopic } = state.group;
  const { operator, members } = facts;
  if (supportTopic) for (const userId of members) tables.readMarks.removeOfTopics(app, groupId, userId);
  const ownerLeaves = oldOwner !== '' && members.includes(oldOwner);
  change(tables, state, { memberNum: memberNum - members.length, ...(ownerLeaves && { owner: '' }) });
  appendTip(tables, state, 'group.members.left', command, facts, command.silent);
  // Members see it by the tip of the departure; who keeps the owner elsewhere has to be told.
  if (ownerLeaves)
    appendFact(tables, state, 'group.owner.changed', command, { operator, oldOwner, newOwner: '' });
}
