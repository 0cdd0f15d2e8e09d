import type { CheckProblem } from '@confab-im/protocol';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { FieldFault, RestCommand, RestService } from './command.ts';

/** Request objects are at most five levels deep; what lies deeper belongs to the sender. */
const NULL_DEPTH = 6;

export interface ReadBody {
  readonly kind: 'read';
  /** What the command's check has passed. */
  readonly value: unknown;
}

/**
 * Turns a body into the checked request of a command, or the refusal with the code that the service has for it
 * (tencent-rest-types-errors F.10). A `null` counts as absent (tencent-rest A.7); contents of messages are left alone.
 */
export function readBody(command: RestCommand, body: Buffer): ReadBody | Refusal {
  const value = parse(body, command.exactIntegers);
  if (value === 'half a character') {
    return refuse(
      command.service.badJson,
      'The body has one half of a surrogate pair (\\ud800 to \\udfff) alone, which no text in UTF-8 can hold; send whole characters',
    );
  }
  if (value === undefined) {
    return refuse(
      command.service.badJson,
      'The body is not a JSON object in UTF-8; send one, {} when there is nothing to say',
    );
  }
  const checked = command.check(value);
  if (checked.ok) return { kind: 'read', value };
  const problem = mostTelling(checked.problems);
  return refuse(errorOf(problem.path, value, command.service), problem.message);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Only an escape can bring half a character in, so nearly no body has to be looked through. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;
/** How JSON text shows what has no pair: the pairs stand as they are, and a backslash of the text itself is doubled. */
const LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

function parse(
  body: Buffer,
  exactIntegers: boolean,
): Record<string, unknown> | 'half a character' | undefined {
  try {
    const text = utf8.decode(body);
    const value: unknown = exactIntegers ? JSON.parse(text, withDigits) : JSON.parse(text);
    if (!isObject(value)) return undefined;
    if (SURROGATE_ESCAPE.test(text) && LONE_SURROGATE.test(JSON.stringify(value))) return 'half a character';
    // A search for four bytes is much cheaper than a walk, and nearly no body has a null.
    if (body.includes('null')) dropNulls(value, NULL_DEPTH);
    return value;
  } catch {
    return undefined;
  }
}

/** `context.source` is the text of the value (ES2026, which TypeScript's library does not know yet). */
function withDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const text = context?.source;
  if (typeof value !== 'number' || Number.isSafeInteger(value) || text === undefined) return value;
  return /^-?\d+$/.test(text) ? text : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function dropNulls(value: unknown, depth: number): void {
  if (depth === 0) return;
  if (Array.isArray(value)) {
    for (const item of value) dropNulls(item, depth - 1);
  } else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      if (member === null) delete value[key];
      else if (key !== 'MsgContent') dropNulls(member, depth - 1);
    }
  }
}

/** The group is looked at first (tencent-rest-message C2.1), then the fields in the order of the schema. */
function mostTelling(problems: readonly CheckProblem[]): CheckProblem {
  const [first = { path: '', message: 'The request is malformed' }] = problems;
  return problems.find(({ path }) => path === 'GroupId') ?? first;
}

function errorOf(path: string, request: Record<string, unknown>, service: RestService) {
  const field = /^[^.[]*/.exec(path)?.[0] ?? '';
  const value = Object.hasOwn(request, field) ? request[field] : undefined;
  const fault = service.fieldFaults.find((row) => row.field === field && applies(row, path, value));
  return fault?.error ?? service.badField;
}

function applies({ field, when }: FieldFault, path: string, value: unknown): boolean {
  if (when === 'any') return true;
  if (path !== field) return false;
  if (when === 'no-list') return !Array.isArray(value);
  // A list that is not empty can itself, unlike its items, only be too long.
  return when === 'text' ? typeof value === 'string' : Array.isArray(value) && value.length > 0;
}
