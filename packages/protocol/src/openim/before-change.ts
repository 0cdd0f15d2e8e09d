import type { PendingChange } from '../group-pending.ts';
import type { ChangeAnswer, ChangeDecision } from '../results.ts';
import { OPENIM_OK, readOpenImAnswer } from './answer.ts';
import { openImBeforeAnswer } from './before-answer.ts';
import type { EncodedChange } from './change/index.ts';
import { initMemberList, NEED_VERIFICATION, WORKING_GROUP } from './change/lifecycle.ts';
import { openImBody } from './encode-message.ts';

/** OpenIM's before-events of groups that have a counterpart here. Source: openim A.8, A.10. */
export const OPENIM_BEFORE_CHANGES = {
  created: 'callbackBeforeCreateGroupCommand',
  applied: 'callbackBeforeJoinGroupCommand',
  invited: 'callbackBeforeInviteJoinGroupCommand',
} as const;

/** Command and body of a question; undefined for topics, which OpenIM does not know. */
export function encodeOpenImBeforeChange(pending: PendingChange): EncodedChange | undefined {
  switch (pending.kind) {
    case 'group.before-create':
      return encoded(OPENIM_BEFORE_CHANGES.created, newGroup(pending));
    case 'group.before-apply':
      return encoded(OPENIM_BEFORE_CHANGES.applied, {
        groupID: pending.groupId,
        groupType: String.fromCharCode(WORKING_GROUP),
        applyID: pending.applicant,
        reqMessage: pending.reason ?? '',
        ex: '',
      });
    case 'group.before-invite':
      return encoded(OPENIM_BEFORE_CHANGES.invited, {
        operationID: pending.operationID,
        groupID: pending.groupId,
        reason: '',
        invitedUserIDs: pending.members,
      });
    case 'group.topic.before-create':
      return undefined;
  }
}

/** Any JSON object but a refusal goes on: what it would replace, and `refusedMembersAccount`, the original ignores or we do. */
export function readOpenImChangeAnswer(text: string): ChangeAnswer {
  const answer = readOpenImAnswer(text);
  if (answer.kind === 'ok') return { kind: 'allow', refusedMembers: [] };
  return answer.kind === 'fail' ? { ...answer, kind: 'refuse' } : answer;
}

/** The answer text for a decision. Throws a `RangeError` when single users are refused: a sender of this dialect would add them. */
export function openImChangeAnswer(decision: ChangeDecision): string {
  if (decision.kind === 'refuse') return openImBeforeAnswer(decision);
  if (decision.refusedMembers.length === 0) return OPENIM_OK;
  throw new RangeError('OpenIM cannot leave single users out of an invitation; refuse it as a whole');
}

function newGroup(pending: PendingChange<'group.before-create'>): object {
  const { notification = '', introduction = '', faceUrl = '', applyJoinOption = 'FreeAccess' } = pending;
  const list = initMemberList(pending);
  return {
    operationID: pending.operationID,
    groupID: pending.groupId,
    groupName: pending.name,
    notification,
    introduction,
    faceURL: faceUrl,
    ownerUserID: pending.owner,
    createTime: 0,
    memberCount: list.length,
    ex: '',
    status: 0,
    creatorUserID: pending.operator,
    groupType: WORKING_GROUP,
    needVerification: NEED_VERIFICATION[applyJoinOption] ?? 0,
    lookMemberInfo: 0,
    applyMemberFriend: 0,
    notificationUpdateTime: 0,
    notificationUserID: '',
    initMemberList: list,
  };
}

function encoded(command: string, fields: object): EncodedChange {
  return { command, body: openImBody({ callbackCommand: command, ...fields }) };
}
