import { type Problem, problemText } from '../../domain/settings/problem.ts';
import type { Refused } from '../../service/admin.ts';

/** What can go wrong in a call of the admin API, and the HTTP status it has. */
export const STATUS_OF = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  'content-encoding': 415,
  internal: 500,
  unavailable: 503,
} as const;

export type ApiErrorCode = keyof typeof STATUS_OF;

/** Ends a call with an error; the message is the sentence that the caller reads. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  /** Headers that HTTP asks for beside this status. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ApiErrorCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.headers = headers;
  }
}

/** The result of a change, unless it was refused. */
export function accepted<T extends { readonly kind: string }>(result: T | Refused): Exclude<T, Refused> {
  if (result.kind === 'refused' && 'why' in result) throw new ApiError(result.code, sentence(result.why));
  return result as Exclude<T, Refused>;
}

/** The problems of a body, as one message. */
export function invalidBody(problems: readonly Problem[]): ApiError {
  return new ApiError('invalid', problems.map((problem) => sentence(problemText(problem))).join(' '));
}

export function sentence(clause: string): string {
  return /[.?!]$/.test(clause) ? clause : `${clause}.`;
}
