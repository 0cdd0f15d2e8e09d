import type { Reads } from '../store.ts';

/** Every read of the port, by name: what an adapter passes on to the core. */
export const READS = [
  'endpoints',
  'dueLanes',
  'readEvents',
  'accountsImported',
  'accountStanding',
  'groups',
  'groupIds',
  'joinedGroups',
  'members',
  'roles',
  'restricted',
  'history',
  'topics',
  'receipts',
  'receiptMembers',
  'extensions',
  'archiveGroups',
  'archiveMessages',
  'liveMembers',
  'attributes',
  'counters',
  'previewSend',
  'previewChange',
  'lanes',
  'attempts',
  'deadLetters',
  'deliveries',
  'explain',
  'lag',
  'jobs',
  'auditLog',
  'stats',
  'ping',
] as const satisfies readonly (keyof Reads)[];

type Missing = Exclude<keyof Reads, (typeof READS)[number]>;
/** Fails to compile when a read is missing above. */
export const ALL_READS_LISTED: [Missing] extends [never] ? true : Missing = true;

/** All of them, each answered by `read`. Only here a list of names becomes the type that has them. */
export function readsBy(
  read: (name: (typeof READS)[number], args: readonly unknown[]) => Promise<unknown>,
): Reads {
  const reads = READS.map((name) => [name, (...args: unknown[]) => read(name, args)]);
  return Object.fromEntries(reads) as unknown as Reads;
}
