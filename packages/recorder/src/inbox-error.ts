/** What can be wrong with an inbox file. */
export type InboxErrorCode =
  | 'cannot-open'
  | 'read-only'
  | 'locked'
  | 'disk-full'
  | 'corrupt'
  | 'not-an-inbox'
  | 'newer-version'
  | 'closed'
  | 'bad-value'
  | 'failed';

/** An inbox could not be opened, read or written. Nothing of what was to be written has been kept. */
export class InboxError extends Error {
  override readonly name = 'InboxError';
  readonly code: InboxErrorCode;

  constructor(code: InboxErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Primary result codes of SQLite (sqlite.org, "Result and Error Codes"); the low byte of an extended code. */
const BY_SQLITE_CODE = new Map<number, InboxErrorCode>([
  [3, 'cannot-open'],
  [5, 'locked'],
  [6, 'locked'],
  [8, 'read-only'],
  [11, 'corrupt'],
  [13, 'disk-full'],
  [14, 'cannot-open'],
  [26, 'not-an-inbox'],
]);

const BY_SYSTEM_CODE = new Map<string, InboxErrorCode>([
  ['ENOENT', 'cannot-open'],
  ['ENOTDIR', 'cannot-open'],
  ['EISDIR', 'cannot-open'],
  ['EACCES', 'read-only'],
  ['EPERM', 'read-only'],
  ['EROFS', 'read-only'],
  ['ENOSPC', 'disk-full'],
]);

/** Any error as an `InboxError` that names the file and what to do. */
export function inboxError(file: string, error: unknown): InboxError {
  if (error instanceof InboxError) return error;
  const code = codeOf(error);
  return new InboxError(code, sentence(code, file, detailOf(error)), { cause: error });
}

function codeOf(error: unknown): InboxErrorCode {
  if (!(error instanceof Error)) return 'failed';
  if ('errcode' in error && typeof error.errcode === 'number') {
    return BY_SQLITE_CODE.get(error.errcode & 0xff) ?? 'failed';
  }
  return 'code' in error && typeof error.code === 'string'
    ? (BY_SYSTEM_CODE.get(error.code) ?? 'failed')
    : 'failed';
}

function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function sentence(code: InboxErrorCode, file: string, detail: string): string {
  switch (code) {
    case 'cannot-open':
      return `${file} cannot be opened (${detail}). Its folder must exist, and the path must name a file.`;
    case 'read-only':
      return `${file} cannot be written (${detail}). Give this user write access to the file and its folder, or choose another file.`;
    case 'locked':
      return `${file} is locked by another program. Stop that program, or choose another file.`;
    case 'disk-full':
      return `${file} cannot grow: the disk is full (${detail}). Free some space; the sender will send again.`;
    case 'corrupt':
      return `${file} is damaged (${detail}). Restore it from a backup, or move it away to begin a new one.`;
    case 'not-an-inbox':
      return `${file} is not an inbox of this program (${detail}). Choose another file.`;
    default:
      return `${file} cannot be used (${detail}).`;
  }
}
