import { StoreError, type StoreErrorCode } from '../errors.ts';
import { GuardFailed } from './guards.ts';

type Known = readonly [StoreErrorCode, string];

/** What an operator can act on, by SQLSTATE (PostgreSQL, appendix A "Error Codes"). */
const BY_SQLSTATE: Readonly<Record<string, Known>> = {
  '25006': [
    'read-only',
    'the database takes no writes: it is a standby (connect to the primary), or default_transaction_read_only is on for the role or the database (turn it off)',
  ],
  '25P03': ['unreachable', 'the database ended the connection for waiting too long'],
  '28000': [
    'denied',
    'the database refuses this user; check its pg_hba.conf, and whether it asks for TLS (sslmode)',
  ],
  '28P01': [
    'denied',
    'the database refuses the password; check the store URL, PGPASSWORD or the password file',
  ],
  '3D000': ['not-a-database', 'there is no such database; create it first, it may be empty'],
  '40001': ['busy', 'the database could not put transactions in an order; try again'],
  '40P01': ['busy', 'the database broke a deadlock; try again'],
  '42501': ['denied', 'the user of the database may not do this; it has to own its schema'],
  '53100': ['full', "the database's disk is full; free space, nothing was lost that was acknowledged"],
  '53200': ['full', 'the database is out of memory'],
  '53300': ['unreachable', 'the database has no free connection; raise max_connections, Confab needs 6'],
  '55P03': ['busy', 'the database waited for a lock for too long; try again'],
  '57014': [
    'busy',
    'the database cancelled a statement that took too long; check statement_timeout and its load',
  ],
  '57P01': ['unreachable', 'the database is shutting down'],
  '57P02': ['unreachable', 'the database crashed and is restarting'],
  '57P03': ['unreachable', 'the database is starting up or shutting down'],
  '57P05': ['unreachable', 'the database ended an idle connection'],
  XX001: ['corrupt', 'the database is damaged; restore it from a backup'],
  XX002: ['corrupt', 'an index of the database is damaged; rebuild it or restore a backup'],
};

/** The network's own errors. */
const BY_ERRNO: Readonly<Record<string, Known>> = {
  ECONNREFUSED: ['unreachable', 'nothing listens at the address of the database'],
  ECONNRESET: ['unreachable', 'the connection to the database was cut'],
  EPIPE: ['unreachable', 'the connection to the database was cut'],
  ENOTFOUND: ['unreachable', 'the host name of the database is not known'],
  EAI_AGAIN: ['unreachable', 'the host name of the database cannot be looked up at the moment'],
  ETIMEDOUT: ['unreachable', 'the database does not answer'],
  EHOSTUNREACH: ['unreachable', 'there is no way to the host of the database'],
  ENETUNREACH: ['unreachable', 'there is no way to the host of the database'],
};

/** What the driver says without a code, or with one that means several things. */
const BY_MESSAGE: readonly (readonly [RegExp, Known])[] = [
  // A Unix socket; ENOENT alone may also be a PEM file.
  [/^connect ENOENT/, ['unreachable', 'nothing listens at the address of the database']],
  [
    /does not support SSL/,
    ['denied', 'the database does not speak TLS, and the store URL asks for it (sslmode)'],
  ],
  [
    /certificate's altnames/,
    [
      'denied',
      "the database's certificate is for another host; put the name that it is for into the store URL, or give the database one for this host",
    ],
  ],
  [
    /certificate (?:has expired|is not yet valid)/,
    ['denied', "the database's certificate is out of its time; renew it, and check both machines' clocks"],
  ],
  [
    /self-signed certificate|unable to (?:verify|get)|certificate|altnames/i,
    [
      'denied',
      "the database's certificate cannot be trusted; sslrootcert in the store URL has to name the authority that signed it",
    ],
  ],
  [/password/i, ['denied', 'the database asks for a password, and the store URL has none']],
  [
    /Connection terminated|not queryable|timeout exceeded|read timeout|Client was closed/,
    ['unreachable', 'the connection to the database was lost'],
  ],
];

/** Any error as a StoreError that says what to do. Never tells the URL: it may hold a password. */
export function postgresErrorOf(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const said = cause instanceof AggregateError ? (cause.errors[0] as Error) : cause;
  const known = knownCause(cause) ?? knownCause(said);
  if (known === undefined) return new StoreError('internal', `the store failed: ${said.message}`, { cause });
  return new StoreError(known[0], `${known[1]} (${said.message})`, { cause });
}

function knownCause(cause: Error): Known | undefined {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const known = BY_SQLSTATE[code] ?? BY_ERRNO[code];
  if (known !== undefined) return known;
  if (code.startsWith('08')) return ['unreachable', 'the connection to the database was lost'];
  return BY_MESSAGE.find(([pattern]) => pattern.test(cause.message))?.[1];
}

/** The database will be there again, or another one in its place: what was not committed can be tried once more. */
export function isPassing({ code }: StoreError): boolean {
  return code === 'unreachable' || code === 'read-only' || code === 'busy';
}

/** Transactions were in each other's way, or a statement took too long: the server has rolled back, and goes on. */
const ROLLED_BACK = new Set(['40001', '40P01', '55P03', '57014']);

/** The transaction is known to be rolled back, and its connection is as good as before. */
export function leavesConnection(error: unknown): boolean {
  if (error instanceof GuardFailed) return true;
  const cause = error instanceof StoreError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && ROLLED_BACK.has(cause.code as string);
}
