import { StoreError, type StoreErrorCode } from '../errors.ts';

/** SQLite's primary result codes that an operator can act on (sqlite.org, "Result and Error Codes"). */
const BY_RESULT_CODE: Readonly<Record<number, readonly [StoreErrorCode, string]>> = {
  5: ['locked', 'another process is writing to the database; stop it'],
  6: ['locked', 'another process is writing to the database; stop it'],
  8: ['read-only', 'the database cannot be written; check the permissions of the file and its folder'],
  10: ['full', 'the disk failed or is full; free space or check the disk'],
  11: ['corrupt', 'the database file is damaged; restore it from a backup'],
  13: ['full', 'the disk is full; free space, nothing was lost that was acknowledged'],
  14: ['unreachable', 'the database file cannot be opened; check the path and its permissions'],
  26: ['not-a-database', 'the file is not a database'],
};

/** The file system's own errors, met before SQLite sees the path. */
const BY_ERRNO: Readonly<Record<string, readonly [StoreErrorCode, string]>> = {
  EACCES: ['unreachable', "the database's folder cannot be used; check its permissions"],
  EPERM: ['unreachable', "the database's folder cannot be used; check its permissions"],
  EEXIST: ['unreachable', "the database's folder cannot be made; a file stands in its way"],
  ENOTDIR: ['unreachable', "the database's folder cannot be made; a file stands in its way"],
  ENOENT: ['unreachable', "the database's folder cannot be made; check the path"],
  EROFS: ['read-only', 'the file system cannot be written; choose another path'],
  ENOSPC: ['full', 'the disk is full; free space, nothing was lost that was acknowledged'],
};

/** Any error as a StoreError that says what to do. */
export function storeErrorOf(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const known = knownCause(cause);
  if (known === undefined) return new StoreError('internal', `the store failed: ${cause.message}`, { cause });
  return new StoreError(known[0], `${known[1]} (${cause.message})`, { cause });
}

function knownCause(cause: Error): readonly [StoreErrorCode, string] | undefined {
  if ('errcode' in cause && typeof cause.errcode === 'number') return BY_RESULT_CODE[cause.errcode & 0xff];
  return 'code' in cause && typeof cause.code === 'string' ? BY_ERRNO[cause.code] : undefined;
}
