import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';

/** At most this many problems are reported: enough to repair a request, too few to fill a log. */
const MAX_PROBLEMS = 8;
const MAX_PATH_LENGTH = 120;

export interface CheckProblem {
  /** Where, as one writes it in code: `MsgBody[0].MsgType`; empty for the value itself. */
  readonly path: string;
  /** A whole message, the path included: `MsgSeq: must be integer`. */
  readonly message: string;
}

export type CheckResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly CheckProblem[] };

/**
 * Turns a schema into a check. The value is returned as it came: nothing is converted, filled in or removed. Problems are
 * grouped by place, at most 8. The schema is compiled on the first use, so that importing a hundred of them costs nothing.
 */
export function compileCheck<T extends TSchema>(schema: T): (value: unknown) => CheckResult<Static<T>> {
  let validator: Validator<Record<never, never>, T> | undefined;
  return (value) => {
    validator ??= Compile(schema);
    if (validator.Check(value)) return { ok: true, value: value as Static<T> };
    return { ok: false, problems: readableProblems(validator.Errors(value)) };
  };
}

/** What one or more checks of the same value complain of, at most 8 in all. */
export function refusedBy(...checks: readonly CheckResult<unknown>[]): {
  readonly ok: false;
  readonly problems: readonly string[];
} {
  const problems = checks.flatMap((check) => (check.ok ? [] : check.problems));
  return { ok: false, problems: problems.slice(0, MAX_PROBLEMS).map(({ message }) => message) };
}

function readableProblems(errors: readonly TLocalizedValidationError[]): CheckProblem[] {
  const complaintsByPath = new Map<string, Set<string>>();
  for (const error of errors) {
    for (const [path, complaint] of complaintsOf(error)) {
      const known = complaintsByPath.get(path);
      if (known) known.add(complaint);
      else complaintsByPath.set(path, new Set([complaint]));
    }
  }
  const problems = [...complaintsByPath].map(([path, complaints]) => ({
    path,
    message: `${path || 'value'}: ${[...complaints].join(' or ')}`,
  }));
  return problems.slice(0, MAX_PROBLEMS);
}

/** One error of the validator as (path, complaint) pairs; none where it only sums up its neighbours. */
function complaintsOf(error: TLocalizedValidationError): (readonly [path: string, complaint: string])[] {
  const at = readablePath(error.instancePath);
  switch (error.keyword) {
    case 'anyOf':
    case 'additionalProperties':
      return [];
    case 'boolean':
      return [[at, 'is not a known field']];
    case 'required':
      return error.params.requiredProperties.map((key) => [member(at, key), 'is missing']);
    case 'const':
      return [[at, `must be ${JSON.stringify(error.params.allowedValue)}`]];
    case 'enum':
      return [[at, `must be one of ${error.params.allowedValues.join(', ')}`]];
    case 'minItems':
      return [[at, `must have at least ${counted(error.params.limit, 'item')}`]];
    case 'maxItems':
      return [[at, `must have at most ${counted(error.params.limit, 'item')}`]];
    case 'minLength':
      return [[at, `must have at least ${counted(error.params.limit, 'character')}`]];
    case 'maxLength':
      return [[at, `must have at most ${counted(error.params.limit, 'character')}`]];
    default:
      return [[at, error.message]];
  }
}

function counted(count: number | bigint, what: string): string {
  return `${count} ${what}${Number(count) === 1 ? '' : 's'}`;
}

/** `/MsgBody/0/MsgType` (a JSON pointer) as `MsgBody[0].MsgType`. */
function readablePath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(member, '');
}

function member(path: string, key: string): string {
  const joined = /^[0-9]+$/.test(key) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
  return joined.length > MAX_PATH_LENGTH ? `${joined.slice(0, MAX_PATH_LENGTH)}…` : joined;
}
