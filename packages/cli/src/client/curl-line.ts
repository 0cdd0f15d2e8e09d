import { type RestAccess, restUrl } from './rest-client.ts';

/** Stands in a body where the shell is to put a fresh number. */
const SHELL_RANDOM = '$RANDOM';

/**
 * A `curl` line for bash and zsh that calls one REST command. A member `Random` with the value `$RANDOM` becomes a new number
 * each time the line runs, so that pasting it twice sends two messages instead of one and its duplicate.
 */
export function curlLine(access: RestAccess, command: string, body: object): string {
  const json = JSON.stringify(body)
    .replaceAll("'", `'\\''`)
    .replace(`"${SHELL_RANDOM}"`, `'${SHELL_RANDOM}'`);
  return `curl -s "${restUrl(access, command, SHELL_RANDOM)}" -d '${json}'`;
}
