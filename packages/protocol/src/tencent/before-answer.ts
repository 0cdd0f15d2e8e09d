import Type from 'typebox';
import { compileCheck } from '../check.ts';
import { parseJson } from '../json.ts';
import type { BeforeAnswer, BeforeDecision } from '../results.ts';
import { TENCENT_OK, TencentAnswer } from './answer.ts';

const orNull = <T extends Type.TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));

/** The answer to the webhook before a group message. `MsgBody` is checked element by element by `checkMsgBody`. Source: tencent-webhooks C.1. */
export const TencentBeforeAnswer = Type.Object({
  ...TencentAnswer.properties,
  ErrorCode: Type.Integer({
    description: '0 allow, 1 refuse, 2 drop in silence, 10100 to 10200 refuse with that code',
  }),
  MsgBody: orNull(
    Type.Array(Type.Unknown(), { description: 'With code 0: elements in place of the sender’s' }),
  ),
  CloudCustomData: orNull(Type.String({ description: 'With code 0: custom data in place of the sender’s' })),
});
export type TencentBeforeAnswer = Type.Static<typeof TencentBeforeAnswer>;

const checkAnswer = compileCheck(TencentBeforeAnswer);

const ALLOW = 0;
const REFUSE = 1;
const DROP = 2;
/** Codes that the app backend may choose, both ends included; they are handed to the caller. Source: tencent-webhooks A.5.1. */
const OWN_CODES = { from: 10100, through: 10200 };

export function isTencentOwnCode(code: number): boolean {
  return code >= OWN_CODES.from && code <= OWN_CODES.through;
}

/**
 * What an answer says (tencent-webhooks A.5.1). ErrorCode decides, whatever ActionStatus beside a code other than 0. Where the
 * documents are silent (F.2): `FAIL` with code 0 and any code that is not listed are a `fail`, no decision; an empty MsgBody,
 * an empty CloudCustomData and null change nothing, since servers in languages with zero values write them without meaning it.
 */
export function readTencentBeforeAnswer(text: string): BeforeAnswer {
  const checked = checkAnswer(parseJson(text));
  if (!checked.ok) {
    const problem = checked.problems[0]?.message ?? 'value: not readable';
    return {
      kind: 'malformed',
      why: `The answer is not the documented JSON (${problem}); answer ${TENCENT_OK}`,
    };
  }
  const { ActionStatus, ErrorCode, ErrorInfo = '', MsgBody, CloudCustomData } = checked.value;
  if (ErrorCode === REFUSE || isTencentOwnCode(ErrorCode)) {
    return { kind: 'refuse', errorCode: ErrorCode, errorInfo: ErrorInfo };
  }
  if (ErrorCode === DROP) return { kind: 'drop' };
  if (ErrorCode !== ALLOW || ActionStatus !== 'OK') {
    return { kind: 'fail', errorCode: ErrorCode, errorInfo: ErrorInfo };
  }
  return {
    kind: 'allow',
    rewrite: {
      ...(MsgBody?.length && { msgBody: MsgBody }),
      ...(CloudCustomData && { cloudCustomData: CloudCustomData }),
    },
  };
}

/**
 * The answer text for a decision; ActionStatus is `OK` in all of them, as in the published samples. Throws a `RangeError` when
 * a refusal has a code that the webhook does not know. Mentions cannot be changed in this dialect.
 */
export function tencentBeforeAnswer(decision: BeforeDecision): string {
  const answer = (ErrorCode: number, ErrorInfo = ''): TencentBeforeAnswer => ({
    ActionStatus: 'OK',
    ErrorCode,
    ErrorInfo,
  });
  switch (decision.kind) {
    case 'drop':
      return JSON.stringify(answer(DROP));
    case 'refuse': {
      const { errorCode, errorInfo } = decision;
      if (errorCode !== REFUSE && !isTencentOwnCode(errorCode)) {
        throw new RangeError(`A refusal has code 1 or one from 10100 to 10200; ${errorCode} is neither`);
      }
      return JSON.stringify(answer(errorCode, errorInfo));
    }
    case 'allow': {
      const { msgBody, cloudCustomData } = decision.rewrite;
      const rewritten: TencentBeforeAnswer = {
        ...answer(ALLOW),
        ...(msgBody !== undefined && { MsgBody: [...msgBody] }),
        ...(cloudCustomData !== undefined && { CloudCustomData: cloudCustomData }),
      };
      return JSON.stringify(rewritten);
    }
  }
}
