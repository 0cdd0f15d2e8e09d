/** What may be told of a database's URL: host, port and name. User, password and options stay out. */
export function databaseName(url: string): string {
  const { protocol, host, pathname, searchParams } = new URL(url);
  return `${protocol}//${host || (searchParams.get('host') ?? '')}${pathname}`;
}

/** Parameters that name a PEM file. */
export const PEM_PARAMETERS = ['sslrootcert', 'sslcert', 'sslkey'] as const;

/** What the driver makes something of. It takes any other without a word, a mistyped `sslmode` too, and then speaks in clear. */
const PARAMETERS = [
  'sslmode',
  ...PEM_PARAMETERS,
  'host',
  'port',
  'user',
  'password',
  'options',
  'application_name',
];
/** The driver takes `prefer`, `require` and `verify-ca` for `verify-full`. */
const SSL_MODES = ['verify-full', 'no-verify', 'disable', 'prefer', 'require', 'verify-ca'];

const ENCODE = 'in user and password, write @ as %40, / as %2F, # as %23, ? as %3F, % as %25';

/**
 * What is wrong with a database's URL, as the end of a sentence that begins with its key; undefined when nothing is. It tells nothing
 * of the URL but names of parameters: anything else may be a part of a password with an unescaped character.
 */
export function databaseUrlProblem(written: string): string | undefined {
  const url = URL.parse(written);
  if (url === null) return `is no URL (${ENCODE})`;
  // An authority ends at its first / ? or #; an @ behind that says that a character before it was meant otherwise.
  if (/^[^:]*:\/\/[^/?#]*[/?#].*@/s.test(written) || written.includes('#'))
    return `holds an unescaped character (${ENCODE})`;
  if (url.host === '' && !url.searchParams.has('host')) return 'names no host of the database';
  if (url.pathname.length < 2) return 'names no database; put its name after the host, as in /confab';
  return parameterProblem(url.searchParams);
}

function parameterProblem(parameters: URLSearchParams): string | undefined {
  const unknown = [...parameters.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) {
    const shown = /^\w{1,40}$/.test(unknown) ? `the unknown parameter ${unknown}` : 'an unknown parameter';
    return `has ${shown}; known are ${PARAMETERS.join(', ')}`;
  }
  return parameters.getAll('sslmode').some((mode) => !SSL_MODES.includes(mode))
    ? `has an unknown sslmode; known are ${SSL_MODES.join(', ')}`
    : undefined;
}
