import Type from 'typebox';
import { canonicalJson } from '../canonical-json.ts';
import { compileCheck } from '../check.ts';
import type { GroupAt } from '../event.ts';
import { isJsonObject, parseJson } from '../json.ts';
import type { BeforeAnswer, BeforeDecision } from '../results.ts';
import { OPENIM_OK, OpenImAnswer, readOpenImAnswer } from './answer.ts';
import { decodeOpenImContent, type OpenImContent } from './content.ts';
import { readOpenImAt } from './decode-message.ts';
import { OPENIM_AT_ALL } from './message-fields.ts';

const orNull = <T extends Type.TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));

/**
 * The answer to the modify step: of its fields those that apply to a group message here. Ids, group, sender, status, switches
 * and push of the message are the server's own affair, so their replacements are ignored. Source: openim A.9.
 */
export const OpenImModifyAnswer = Type.Object({
  ...OpenImAnswer.properties,
  content: orNull(Type.String({ description: 'Content in place of the sender’s: JSON text of an object' })),
  contentType: orNull(Type.Integer({ description: 'Kind of that content, such as 101 for text' })),
  ex: orNull(Type.String({ description: 'Custom data in place of the sender’s' })),
  atUserIDList: orNull(
    Type.Array(Type.String(), { description: 'Who is mentioned, AtAllTag for everybody' }),
  ),
});
export type OpenImModifyAnswer = Type.Static<typeof OpenImModifyAnswer>;

const checkModifyAnswer = compileCheck(OpenImModifyAnswer);

/** What an answer to the webhook before sending says. Source: openim A.5. */
export function readOpenImBeforeAnswer(text: string): BeforeAnswer {
  const answer = readOpenImAnswer(text);
  switch (answer.kind) {
    case 'ok':
      return { kind: 'allow', rewrite: {} };
    case 'fail':
      return { ...answer, kind: 'refuse' };
    case 'malformed':
      return answer;
  }
}

/**
 * What an answer to the modify step says; absent and null leave a field as it is. `sent` is what the request carried: content
 * that comes back the same, however it is written, changes nothing. Content that is no JSON object is malformed. Source:
 * openim A.9.
 */
export function readOpenImModifyAnswer(text: string, sent: OpenImContent): BeforeAnswer {
  const decision = readOpenImBeforeAnswer(text);
  if (decision.kind !== 'allow') return decision;
  const checked = checkModifyAnswer(parseJson(text));
  if (!checked.ok) return malformed(checked.problems[0]?.message ?? 'value: not readable');
  const { ex, atUserIDList } = checked.value;
  const content = checked.value.content ?? sent.content;
  const contentType = checked.value.contentType ?? sent.contentType;
  const fields = parseJson(content);
  if (!isJsonObject(fields)) return malformed('content: must be the JSON text of an object');
  const changed = contentType !== sent.contentType || !sameJson(content, sent.content);
  return {
    kind: 'allow',
    rewrite: {
      ...(changed && { msgBody: decodeOpenImContent(contentType, content) }),
      ...(typeof ex === 'string' && { cloudCustomData: ex }),
      ...(atUserIDList && { at: atUserIDList.map(readOpenImAt) }),
    },
  };
}

/** The answer text for a refusal or for going on; to drop in silence is not known in this dialect, so it is not taken. */
export function openImBeforeAnswer(decision: Exclude<BeforeDecision, { readonly kind: 'drop' }>): string {
  if (decision.kind === 'allow') return OPENIM_OK;
  const { errorCode, errorInfo } = decision;
  const refusal: OpenImAnswer = {
    actionCode: 0,
    errCode: errorCode,
    errMsg: errorInfo,
    errDlt: '',
    nextCode: 1,
  };
  return JSON.stringify(refusal);
}

/** What the modify step puts in place of the sender's fields; absent fields stay as they are. */
export interface OpenImModification {
  readonly content?: OpenImContent;
  readonly cloudCustomData?: string;
  readonly at?: readonly GroupAt[];
}

/** The answer text of the modify step. Source: openim A.9. */
export function openImModifyAnswer({ content, cloudCustomData, at }: OpenImModification): string {
  const answer: OpenImModifyAnswer = {
    actionCode: 0,
    nextCode: 0,
    ...content,
    ...(cloudCustomData !== undefined && { ex: cloudCustomData }),
    ...(at !== undefined && {
      atUserIDList: at.map(({ all, userId = '' }) => (all ? OPENIM_AT_ALL : userId)),
    }),
  };
  return JSON.stringify(answer);
}

function sameJson(left: string, right: string): boolean {
  return left === right || canonicalJson(parseJson(left)) === canonicalJson(parseJson(right));
}

function malformed(problem: string): BeforeAnswer {
  return {
    kind: 'malformed',
    why: `The answer is not the documented JSON (${problem}); answer ${OPENIM_OK}`,
  };
}
