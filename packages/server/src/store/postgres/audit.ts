import type { Audit } from '../commands.ts';
import { call, statement } from './statement.ts';
import type { Write, Writes } from './writes.ts';

const INSERT = statement(
  'INSERT INTO audit (at, actor, role, action, target, detail) VALUES ($1, $2, $3, $4, $5, $6)',
);

/** One line each: audited commands are rare. */
export function insertAudit(writes: Writes, { now, actor, role, action, target, detail }: Audit): void {
  const one: Write<null> = {
    table: 'audit',
    call: () => call(INSERT, now, actor, role, action, target, detail),
  };
  writes.put(one, 'one after the other', null);
}
