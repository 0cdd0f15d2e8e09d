import { isJsonObject, parseJson } from '../json.ts';
import { isPosition, POSITION_HEADER, parsePosition } from './position.ts';

/** The answer's body when everything was taken; a sender looks at the status and the position alone. */
export const STANDARD_OK = '{}';

/** The answer's body when it was not: `why` is for people. */
export function standardError(why: string): string {
  return JSON.stringify({ error: why });
}

/** Header names in lower case, as HTTP clients give them. */
export type AnswerHeaders = { readonly [name: string]: string | readonly string[] | undefined };

/**
 * - `refused`: the status is not 2xx; whatever else the answer says counts for nothing
 * - `ok`: taken, with the receiver's position where it gives one
 * - `malformed`: 2xx, with a position that cannot be read
 */
export type StandardAnswer =
  | { readonly kind: 'refused' }
  | { readonly kind: 'ok'; readonly appliedThrough?: number }
  | { readonly kind: 'malformed'; readonly why: string };

/**
 * What a receiver's answer says: the position of the header, or else of `appliedThrough` in a JSON body. Any other body, also
 * one that is no JSON, says nothing.
 */
export function readStandardAnswer(status: number, headers: AnswerHeaders, body: string): StandardAnswer {
  if (status < 200 || status > 299) return { kind: 'refused' };
  const header = headers[POSITION_HEADER];
  if (header !== undefined) {
    const position = typeof header === 'string' ? parsePosition(header) : undefined;
    return position === undefined ? malformed(`the header ${POSITION_HEADER}`) : ok(position);
  }
  const value = parseJson(body);
  if (!isJsonObject(value) || value.appliedThrough === undefined) return { kind: 'ok' };
  return isPosition(value.appliedThrough)
    ? ok(value.appliedThrough)
    : malformed('appliedThrough of the answer');
}

function ok(appliedThrough: number): StandardAnswer {
  return { kind: 'ok', appliedThrough };
}

function malformed(where: string): StandardAnswer {
  return {
    kind: 'malformed',
    why: `The position in ${where} cannot be read; answer one whole number from 0, or none.`,
  };
}

/** The numbers of what was sent in one request: of a single event twice the same. */
export interface SentRange {
  readonly first: number;
  readonly last: number;
}

/**
 * - `all`: everything sent is applied
 * - `part`: a batch is applied through this number; the rest is to be sent again
 * - `move`: the receiver stands elsewhere, before what was sent or beyond it: go on behind this number
 * - `none`: nothing is known to be applied; try again
 */
export type Acknowledged =
  | { readonly kind: 'all' }
  | { readonly kind: 'part' | 'move'; readonly through: number }
  | { readonly kind: 'none' };

/**
 * What an answer acknowledges. A position that cannot be read leaves a single event delivered, as any 2xx does; of a batch it
 * may have meant a part, so nothing of it is: a repeat does no harm, a loss would.
 */
export function acknowledged(answer: StandardAnswer, { first, last }: SentRange): Acknowledged {
  if (answer.kind === 'refused') return { kind: 'none' };
  if (answer.kind === 'malformed') return { kind: first === last ? 'all' : 'none' };
  const { appliedThrough: through = last } = answer;
  if (through === last) return { kind: 'all' };
  return { kind: through >= first && through < last ? 'part' : 'move', through };
}
