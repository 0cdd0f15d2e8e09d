import { createHash, timingSafeEqual } from 'node:crypto';
import type { AdminToken } from '../../domain/admin-role.ts';
import type { Actor } from '../../service/admin.ts';

/**
 * Finds out who sent an `Authorization` header. Tokens are compared as hashes, in constant time and all of them, so that neither
 * the length nor the beginning of a token can be guessed from the time it takes.
 */
export function tokenCheck(
  tokens: readonly AdminToken[],
): (authorization: string | undefined) => Actor | undefined {
  const known = tokens.map(({ name, role, token }) => ({ actor: { name, role }, hash: sha256(token) }));
  return (authorization) => {
    const token = /^Bearer +([^ ]+) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    const given = sha256(token);
    let found: Actor | undefined;
    for (const { actor, hash } of known) {
      if (timingSafeEqual(hash, given)) found = actor;
    }
    return found;
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
