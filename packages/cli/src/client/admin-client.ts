import { CliError } from '../cli-error.ts';
import { isRecord, requestJson } from './http-json.ts';

export interface AdminAccess {
  /** Base URL, e.g. `http://127.0.0.1:7700`. */
  readonly url: string;
  /** Bearer token of the admin API. */
  readonly token: string;
}

export type AdminAnswer = Readonly<Record<string, unknown>>;

/** Calls the admin API, e.g. `GET dead-letters?limit=10`. A refusal becomes a CliError with the server's own sentence. */
export async function callAdmin(
  access: AdminAccess,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<AdminAnswer> {
  const url = new URL(`${access.url}/admin/v1/${path}`);
  const headers = { authorization: `Bearer ${access.token}` };
  const answer = await requestJson({ method, url, headers, ...(body === undefined ? {} : { body }) });
  if (answer.status < 300) return answer.body;
  const { error } = answer.body;
  const sentence = isRecord(error) && typeof error.message === 'string' ? error.message : 'no reason given';
  throw new CliError(`${access.url} refused (HTTP ${answer.status}): ${sentence}`);
}

/** The list under `key` of an answer; a CliError when the answer has none. */
export function listIn(answer: AdminAnswer, key: string): readonly Record<string, unknown>[] {
  const list = answer[key];
  if (Array.isArray(list)) return list.filter(isRecord);
  throw new CliError(
    `The server's answer has no list "${key}": this command and the server are of different versions.`,
  );
}
