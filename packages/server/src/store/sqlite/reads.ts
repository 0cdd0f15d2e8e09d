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
