/** At most this many extra headers on an endpoint. */
export const EXTRA_HEADERS_MAX = 20;
/** Longest value of an extra header, in bytes; longest name likewise, in characters. */
const VALUE_MAX_BYTES = 4096;
const NAME_MAX_LENGTH = 128;
/** All of them together, as lines: servers take 8 to 16 kB of headers, and the dialect and Confab need some of it. */
const TOTAL_MAX_BYTES = 6_144;
/** `: ` and the end of the line. */
const LINE_BYTES = 4;

/** A token as RFC 9110 section 5.6.2 has it. */
const NAME = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/;
/** Printable ASCII, spaces and tabs: no CR, LF or NUL, hence no second header smuggled in. */
const VALUE = /^[\t\x20-\x7e]*$/;

const FRAMING = 'it belongs to the connection or to the framing of the request';
const OWN = 'Confab writes it';
const ORIGIN = 'it tells who called, which is for proxies on the way to say';
const METHOD = 'it would make something else of the POST';

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
  ['traceparent', OWN],
  ['tracestate', OWN],
  ['baggage', OWN],
  ['forwarded', ORIGIN],
  ['via', ORIGIN],
  ['x-real-ip', ORIGIN],
  ['x-http-method', METHOD],
  ['x-http-method-override', METHOD],
  ['x-method-override', METHOD],
]);

const FORBIDDEN_PREFIXES: ReadonlyMap<string, string> = new Map([
  ['webhook-', OWN],
  ['confab-', OWN],
  ['content-', OWN],
  ['proxy-', FRAMING],
  ['x-forwarded-', ORIGIN],
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
    seen.add(sameAs(name));
  }
  const total = entries.reduce((sum, [name, value]) => sum + name.length + value.length + LINE_BYTES, 0);
  if (problems.length === 0 && total > TOTAL_MAX_BYTES) {
    problems.push(`The extra headers have ${total} bytes together; at most ${TOTAL_MAX_BYTES} are allowed.`);
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
  const known = sameAs(name);
  if (seen.has(known)) {
    return `The header ${quoted} is given twice; header names ignore case, and "_" counts as "-".`;
  }
  const reason =
    FORBIDDEN.get(known) ?? [...FORBIDDEN_PREFIXES].find(([prefix]) => known.startsWith(prefix))?.[1];
  return reason === undefined ? undefined : `The header ${quoted} cannot be set: ${reason}.`;
}

/** Names that a receiver may take for one: CGI and its heirs hand out `content_length` and `Content-Length` as the same variable. */
function sameAs(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

function valueProblem(name: string, value: string): string | undefined {
  if (!VALUE.test(value)) {
    return `The value of the header "${name}" has a character other than printable ASCII, space and tab.`;
  }
  if (/^[ \t]|[ \t]$/.test(value)) {
    return `The value of the header "${name}" begins or ends with a blank, which does not survive the way; leave it out.`;
  }
  // Only ASCII is left here, so characters are bytes.
  if (value.length > VALUE_MAX_BYTES) {
    return `The value of the header "${name}" has ${value.length} bytes; at most ${VALUE_MAX_BYTES} are allowed.`;
  }
  return undefined;
}
