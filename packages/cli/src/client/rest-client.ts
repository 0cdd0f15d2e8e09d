import { randomInt } from 'node:crypto';
import { CliError } from '../cli-error.ts';
import { requestJson } from './http-json.ts';

/** Where and as whom to call the REST API. */
export interface RestAccess {
  /** Base URL, e.g. `http://127.0.0.1:7700`. */
  readonly url: string;
  readonly sdkAppId: number;
  /** UserID of an admin of the app. */
  readonly identifier: string;
  readonly userSig: string;
}

/** The envelope of every answer (tencent-rest A.2) and what the command adds to it. */
export interface RestAnswer {
  readonly ErrorCode: number;
  readonly ErrorInfo: string;
  readonly [field: string]: unknown;
}

/** The URL of one command, query included (tencent-rest A.1). */
export function restUrl(access: RestAccess, command: string, random: string): string {
  const query =
    `sdkappid=${access.sdkAppId}&identifier=${encodeURIComponent(access.identifier)}` +
    `&usersig=${access.userSig}&random=${random}&contenttype=json`;
  return `${access.url}/v4/${command}?${query}`;
}

/**
 * Calls one command, e.g. `group_open_http_svc/send_group_msg`, and gives the answer whatever its `ErrorCode`.
 * Throws a CliError when there is no answer or one without the envelope.
 */
export async function callRest(access: RestAccess, command: string, body: object): Promise<RestAnswer> {
  const url = new URL(restUrl(access, command, String(randomInt(2 ** 32 - 1))));
  const { status, body: answer } = await requestJson({ method: 'POST', url, body });
  const { ErrorCode, ErrorInfo } = answer;
  if (typeof ErrorCode === 'number' && typeof ErrorInfo === 'string')
    return { ...answer, ErrorCode, ErrorInfo };
  throw new CliError(
    `${access.url} answered HTTP ${status} without ErrorCode and ErrorInfo, so it is no Tencent Chat REST API. Check --url.`,
  );
}

/** `callRest` for callers that need success; `tolerated` lists further error codes that are as good. */
export async function callRestOk(
  access: RestAccess,
  command: string,
  body: object,
  tolerated: readonly number[] = [],
): Promise<RestAnswer> {
  const answer = await callRest(access, command, body);
  if (answer.ErrorCode === 0 || tolerated.includes(answer.ErrorCode)) return answer;
  throw new CliError(`The server refused ${command} with ErrorCode ${answer.ErrorCode}: ${answer.ErrorInfo}`);
}
