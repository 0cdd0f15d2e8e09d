/** What the person at the terminal did wrong, or what stands in the way: one or more sentences, shown without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** The sentence of any thrown value; a connection tried at several addresses has one for each. Of TLS, without OpenSSL's numbers and files. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  if (codeOf(error)?.startsWith('ERR_SSL_') && 'reason' in error) return `TLS: ${String(error.reason)}`;
  return error.message;
}

/** System errors carry a code such as `ENOENT`; others have none. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
