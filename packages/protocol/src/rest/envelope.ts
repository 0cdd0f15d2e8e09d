import Type, { type TObject, type TProperties } from 'typebox';
import type { Answered } from './answer.ts';

/** The three fields that every answer has, in one that succeeds. Source: tencent-rest A.2. */
export const RestDone = Type.Object({
  ActionStatus: Type.Literal('OK'),
  ErrorInfo: Type.Literal('', { description: 'Empty' }),
  ErrorCode: Type.Literal(0),
});
export type RestDone = Answered<typeof RestDone>;

/** The same in a refusal, where they are all that is answered. Source: tencent-rest A.2. */
export const RestRefused = Type.Object({
  ActionStatus: Type.Literal('FAIL'),
  ErrorInfo: Type.String({ description: 'A sentence for people: what was wrong, and what to do' }),
  ErrorCode: Type.Integer({
    minimum: 1,
    description: 'One of the codes in docs/errors.md, or one that an app backend has chosen in its webhook',
  }),
});
export type RestRefused = Answered<typeof RestRefused>;

export type RestOk<T extends object> = RestDone & T;

/** A whole successful answer, from the schema of the fields of its command. */
export const restAnswer = (fields: TObject<TProperties>) =>
  Type.Object({ ...RestDone.properties, ...fields.properties });

/** A successful answer with the fields of its command. */
export function restOk<T extends object>(fields: T): RestOk<T> {
  return { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0, ...fields };
}

/** A refusal: `info` is a sentence for people, clients look at `code`. */
export function restFail(code: number, info: string): RestRefused {
  return { ActionStatus: 'FAIL', ErrorInfo: info, ErrorCode: code };
}
