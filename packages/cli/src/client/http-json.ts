import { CliError, codeOf, reasonOf } from '../cli-error.ts';

/** Longest wait for an answer of the server, in milliseconds; it answers in far less or not at all. */
const TIMEOUT_MS = 15_000;

export interface JsonAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface JsonRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** One request and its JSON object. Errors name the server's origin only: the query carries the UserSig. */
export async function requestJson(request: JsonRequest): Promise<JsonAnswer> {
  const { status, text } = await exchange(request);
  const body = parseObject(text);
  if (body !== undefined) return { status, body };
  throw new CliError(
    `${request.url.origin} answered HTTP ${status} with something that is not a JSON object. Is it a Confab server?`,
  );
}

async function exchange({
  method,
  url,
  headers,
  body,
}: JsonRequest): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw new CliError(`No answer from ${url.origin}: ${explain(error)}`);
  }
}

/** `fetch` says no more than "fetch failed"; what happened is its cause. */
function explain(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = codeOf(cause);
  if (code === 'ECONNREFUSED')
    return 'nothing listens there. Start the server ("confab serve") or give another --url.';
  if (code === 'ENOTFOUND') return 'no such host name. Check --url.';
  if (error instanceof Error && error.name === 'TimeoutError') return `it took longer than ${TIMEOUT_MS} ms.`;
  return `${reasonOf(cause)}.`;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
