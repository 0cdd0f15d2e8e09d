import Type from 'typebox';
import { canonicalJson } from '../canonical-json.ts';
import { compileCheck } from '../check.ts';
import type { PendingChange, PendingChangeKind } from '../group-pending.ts';
import { parseJson } from '../json.ts';
import type { ChangeAnswer, ChangeDecision } from '../results.ts';
import type { TencentRevision } from './after-send.ts';
import { TENCENT_OK, TencentAnswer } from './answer.ts';
import { isTencentOwnCode, tencentBeforeAnswer } from './before-answer.ts';
import { toMembers } from './change/change.ts';

/** The commands of the webhooks before something happens to a group. Source: tencent-webhooks C.6, C.8, C.9, C.16. */
export const TENCENT_BEFORE_CHANGES: Readonly<Record<PendingChangeKind, string>> = {
  'group.before-create': 'Group.CallbackBeforeCreateGroup',
  'group.before-apply': 'Group.CallbackBeforeApplyJoinGroup',
  'group.before-invite': 'Group.CallbackBeforeInviteJoinGroup',
  'group.topic.before-create': 'Group.CallbackBeforeCreateTopic',
};

/**
 * The body for one generation: keys in ASCII order, `EventTime` since G4, and never for a topic. `CreateGroupNum`, which the newest page
 * no longer has (F-18), is left out.
 */
export function encodeTencentBeforeChange(pending: PendingChange, revision: TencentRevision): string {
  const isTopic = pending.kind === 'group.topic.before-create';
  return canonicalJson({
    ...fieldsOf(pending),
    CallbackCommand: TENCENT_BEFORE_CHANGES[pending.kind],
    Type: pending.groupType,
    ...(!isTopic && revision >= 'G4' && { EventTime: pending.eventTime }),
  });
}

function fieldsOf(pending: PendingChange): object {
  switch (pending.kind) {
    case 'group.before-create':
      return {
        Operator_Account: pending.operator,
        Owner_Account: pending.owner,
        Name: pending.name,
        MemberList: toMembers(pending.members),
      };
    case 'group.before-apply':
      return { GroupId: pending.groupId, Requestor_Account: pending.applicant };
    case 'group.before-invite':
      return {
        GroupId: pending.groupId,
        Operator_Account: pending.operator,
        DestinationMembers: toMembers(pending.members),
      };
    case 'group.topic.before-create':
      return { Operator_Account: pending.operator, Name: pending.name };
  }
}

const Answer = Type.Object({
  ...TencentAnswer.properties,
  RefusedMembers_Account: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
});
type Answer = Type.Static<typeof Answer>;

const checkAnswer = compileCheck(Answer);

/**
 * What an answer says: 0 goes on, without those of `RefusedMembers_Account` where users are invited; 1 and 10100 to 10200 refuse. Any
 * other code decides nothing. Source: tencent-webhooks A.5.1, C.9.
 */
export function readTencentChangeAnswer(text: string): ChangeAnswer {
  const checked = checkAnswer(parseJson(text));
  if (!checked.ok) {
    const problem = checked.problems[0]?.message ?? 'value: not readable';
    const why = `The answer is not the documented JSON (${problem}); answer ${TENCENT_OK}`;
    return { kind: 'malformed', why };
  }
  const { ActionStatus, ErrorCode: errorCode, ErrorInfo: errorInfo = '' } = checked.value;
  if (errorCode === 1 || isTencentOwnCode(errorCode)) return { kind: 'refuse', errorCode, errorInfo };
  if (errorCode !== 0 || ActionStatus !== 'OK') return { kind: 'fail', errorCode, errorInfo };
  return { kind: 'allow', refusedMembers: checked.value.RefusedMembers_Account ?? [] };
}

/** The answer text for a decision. Throws a `RangeError` when a refusal has a code that the webhook does not know. */
export function tencentChangeAnswer(decision: ChangeDecision): string {
  if (decision.kind === 'refuse') return tencentBeforeAnswer(decision);
  const { refusedMembers } = decision;
  if (refusedMembers.length === 0) return TENCENT_OK;
  const answer: Answer = {
    ActionStatus: 'OK',
    ErrorCode: 0,
    ErrorInfo: '',
    RefusedMembers_Account: [...refusedMembers],
  };
  return JSON.stringify(answer);
}
