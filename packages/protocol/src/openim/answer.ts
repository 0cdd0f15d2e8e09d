import Type from 'typebox';
import { compileCheck } from '../check.ts';
import { parseJson } from '../json.ts';
import type { WebhookAnswer } from '../results.ts';

/** The answer to every webhook; missing fields count as 0 or empty. Source: openim A.5. */
export const OpenImAnswer = Type.Object({
  actionCode: Type.Optional(Type.Integer({ description: '0 = the webhook was carried out' })),
  errCode: Type.Optional(Type.Integer({ description: 'Own error code, from 100 up; 0 = none' })),
  errMsg: Type.Optional(Type.String({ description: 'Short text of the error' })),
  errDlt: Type.Optional(Type.String({ description: 'Long text of the error' })),
  nextCode: Type.Optional(Type.Integer({ description: '1, with actionCode 0, refuses the operation' })),
});
export type OpenImAnswer = Type.Static<typeof OpenImAnswer>;

const checkAnswer = compileCheck(OpenImAnswer);

/** The answer text of success, fields in the order of the documentation page. */
export const OPENIM_OK = JSON.stringify({
  actionCode: 0,
  errCode: 0,
  errMsg: '',
  errDlt: '',
  nextCode: 0,
} satisfies OpenImAnswer);

/**
 * What an app backend's answer says: only `actionCode` 0 together with `nextCode` 1 is a refusal, any other JSON object,
 * `{}` included, is fine. Source: openim A.5, C.
 */
export function readOpenImAnswer(text: string): WebhookAnswer {
  const checked = checkAnswer(parseJson(text));
  if (!checked.ok) {
    const problem = checked.problems[0]?.message ?? 'value: not readable';
    return {
      kind: 'malformed',
      why: `The answer is not the documented JSON (${problem}); answer ${OPENIM_OK}`,
    };
  }
  const { actionCode = 0, errCode = 0, errMsg = '', errDlt = '', nextCode = 0 } = checked.value;
  if (actionCode !== 0 || nextCode !== 1) return { kind: 'ok' };
  return { kind: 'fail', errorCode: errCode, errorInfo: errMsg || errDlt };
}
