import { type CheckResult, compileCheck, RestRefused, restAnswer } from '@confab-im/protocol';
import type { TSchema } from 'typebox';
import { COMMANDS } from '../../src/rest/commands.ts';

type Check = (answer: unknown) => CheckResult<unknown>;

const refused = compileCheck(closed(RestRefused));
const done: ReadonlyMap<string, Check> = new Map(
  COMMANDS.map(({ service, name, answer }) => [
    `${service.name}/${name}`,
    compileCheck(closed(restAnswer(answer))),
  ]),
);

/**
 * What an answer has that its command does not promise in /openapi.json, or lacks of it: stricter than a client may be, a field that
 * is not promised counts.
 */
export function answerProblems(
  command: string,
  answer: { readonly ActionStatus: string },
): readonly string[] {
  const check = answer.ActionStatus === 'FAIL' ? refused : done.get(command);
  if (check === undefined) return [`${command} is no command`];
  const checked = check(answer);
  return checked.ok ? [] : checked.problems.map(({ message }) => message);
}

/** The schema with no field but those named; an object without any stays open, as contents of messages are. */
function closed<S extends TSchema>(schema: S): S {
  const fields = (schema as { readonly properties?: object }).properties ?? {};
  const parts = Object.entries(schema).map(([key, part]) => [key, within(part)]);
  return {
    ...Object.fromEntries(parts),
    ...(Object.keys(fields).length > 0 && { additionalProperties: false }),
  } as S;
}

function within(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(within);
  return typeof part === 'object' && part !== null ? closed(part as TSchema) : part;
}
