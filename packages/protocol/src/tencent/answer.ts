import Type from 'typebox';
import { compileCheck } from '../check.ts';
import { parseJson } from '../json.ts';
import type { WebhookAnswer } from '../results.ts';

/** The base answer to every webhook. ErrorInfo is promised by the contract but told to nobody, so it may be missing. */
export const TencentAnswer = Type.Object({
  ActionStatus: Type.Union([Type.Literal('OK'), Type.Literal('FAIL')], {
    description: 'OK = handled, FAIL = not handled',
  }),
  ErrorCode: Type.Integer({ description: '0 = handled; else a code of the webhook family' }),
  ErrorInfo: Type.Optional(Type.String({ description: 'What went wrong; empty on success' })),
});
export type TencentAnswer = Type.Static<typeof TencentAnswer>;

const checkAnswer = compileCheck(TencentAnswer);

/** The answer text of success. Source: tencent-webhooks A.5. */
export const TENCENT_OK = tencentAnswer(0, '');

/** The answer text for a code: 0 is `OK`, anything else `FAIL` with `info` as the reason. */
export function tencentAnswer(code: number, info: string): string {
  const answer: TencentAnswer = {
    ActionStatus: code === 0 ? 'OK' : 'FAIL',
    ErrorCode: code,
    ErrorInfo: info,
  };
  return JSON.stringify(answer);
}

/** What an app backend's answer says; `fail` when the status is FAIL or the code is not 0. Source: tencent-webhooks A.5. */
export function readTencentAnswer(text: string): WebhookAnswer {
  const checked = checkAnswer(parseJson(text));
  if (!checked.ok) {
    const problem = checked.problems[0]?.message ?? 'value: not readable';
    return {
      kind: 'malformed',
      why: `The answer is not the documented JSON (${problem}); answer ${TENCENT_OK}`,
    };
  }
  const { ActionStatus, ErrorCode, ErrorInfo = '' } = checked.value;
  if (ActionStatus === 'OK' && ErrorCode === 0) return { kind: 'ok' };
  return { kind: 'fail', errorCode: ErrorCode, errorInfo: ErrorInfo };
}
