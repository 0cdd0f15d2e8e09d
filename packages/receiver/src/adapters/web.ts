import type { Receiver } from '../index.ts';

/**
 * A handler over the web's own `Request` and `Response`, as Hono, Next's route handlers, Bun and Deno use them. Where the
 * platform stops the program after the answer, use it with `acknowledge: 'after-commit'` only.
 */
export function web(receiver: Receiver): (request: Request) => Promise<Response> {
  return async ({ method, url, headers, body }) => {
    const answer = await receiver.handle({ method, url, headers, body: body ?? new Uint8Array() });
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  };
}
