import { type RestAccess, restUrl } from './rest-client.ts';

/** Stands in a body where the shell is to put a fresh number: any POSIX shell knows it, and it fits 32 bits until 2106. */
export const SHELL_NUMBER = '$(date +%s)';

/**
 * A `curl` line for any shell that calls one REST command. A member with the value `SHELL_NUMBER` becomes a new number
 * each second, so that pasting the line twice sends two messages instead of one and its duplicate.
 */
export function curlLine(access: RestAccess, command: string, body: object): string {
  const json = JSON.stringify(body)
    .replaceAll("'", `'\\''`)
    .replace(`"${SHELL_NUMBER}"`, `'${SHELL_NUMBER}'`);
  return `curl -s "${restUrl(access, command, SHELL_NUMBER)}" -d '${json}'`;
}
