/** At most this many extra headers on an endpoint. */
export const EXTRA_HEADERS_MAX = 20;
/** Longest value of an extra header, in bytes; longest name likewise, in characters. */
const VALUE_MAX_BYTES = 4096;
const NAME_MAX_LENGTH = 128;

/** A token as RFC 9110 section 5.6.2 has it. */
const NAME = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/;
/** Printable ASCII, spaces and tabs: no CR, LF or NUL, hence no second header smuggled in. */
const VALUE = /^[\t\x20-\x7e]*$/;

const FRAMING = 'it belongs to the connection or to the framing of the request';
const OWN = 'Confab writes it';

/** Names an endpoint must not set, and why (webhook-delivery 4.2). */
const FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ['connection', FRAMING],
  ['keep-alive', FRAMING],
  ['te', FRAMING],
  ['trailer', FRAMING],
  ['transfer-encoding', FRAMING],
  ['upgrade', FRAMING],
  ['http2-settings', FRAMING],
  ['expect', FRAMING],
  ['host', FRAMING],
  ['cookie', 'webhooks carry no cookies'],
  ['cookie2', 'webhooks carry no cookies'],
  ['set-cookie', 'webhooks carry no cookies'],
  ['accept-encoding', 'answers are read uncompressed'],
]);

const FORBIDDEN_PREFIXES: ReadonlyMap<string, string> = new Map([
  ['webhook-', OWN],
  ['confab-', OWN],
  ['content-', OWN],
  ['proxy-', FRAMING],
]);

/**
 * Checks the extra headers of an endpoint: which names and characters, how many, how long (webhook-delivery 4.2).
 *
 * Returns one sentence per problem, none if all is well. Values may be secret and never appear in a problem.
 */
export function checkExtraHeaders(headers: Readonly<Record<string, string>>): string[] {
  const problems: string[] = [];
  const entries = Object.entries(headers);
  if (entries.length > EXTRA_HEADERS_MAX) {
    problems.push(`There are ${entries.length} extra headers; at most ${EXTRA_HEADERS_MAX} are allowed.`);
  }
  const seen = new Set<string>();
  for (const [name, value] of entries) {
    const problem = nameProblem(name, seen) ?? valueProblem(name, value);
    if (problem !== undefined) problems.push(problem);
    seen.add(name.toLowerCase());
  }
  return problems;
}

function nameProblem(name: string, seen: ReadonlySet<string>): string | undefined {
  const quoted = JSON.stringify(name.slice(0, NAME_MAX_LENGTH));
  if (!NAME.test(name)) {
    return `${quoted} is no header name: use letters, digits and hyphens.`;
  }
  if (name.length > NAME_MAX_LENGTH) {
    return `The header name ${quoted}… is longer than ${NAME_MAX_LENGTH} characters.`;
  }
  const lower = name.toLowerCase();
  if (seen.has(lower)) return `The header ${quoted} is given twice; header names ignore case.`;
  const reason =
    FORBIDDEN.get(lower) ?? [...FORBIDDEN_PREFIXES].find(([prefix]) => lower.startsWith(prefix))?.[1];
  return reason === undefined ? undefined : `The header ${quoted} cannot be set: ${reason}.`;
}

function valueProblem(name: string, value: string): string | undefined {
  if (!VALUE.test(value)) {
    return `The value of the header "${name}" has a character other than printable ASCII, space and tab.`;
  }
  // Only ASCII is left here, so characters are bytes.
  if (value.length > VALUE_MAX_BYTES) {
    return `The value of the header "${name}" has ${value.length} bytes; at most ${VALUE_MAX_BYTES} are allowed.`;
  }
  return undefined;
}
