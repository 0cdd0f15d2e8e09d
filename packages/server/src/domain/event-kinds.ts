import { GROUP_CHANGE_KINDS, type QuietFacts } from '@confab-im/protocol';

/**
 * Events of the log that endpoints can ask for. Joins and leaves are told apart, since OpenIM has an event for some of them only, and
 * one for each.
 */
export const EVENT_KINDS = [
  'group.message.sent',
  'group.message.exception',
  'group.message.recalled',
  'group.message.receipts',
  'group.created',
  'group.members.joined.apply',
  'group.members.joined.invited',
  'group.members.left.kicked',
  'group.members.left.quit',
  'group.full',
  'group.destroyed',
  'group.info.changed',
  'group.members.presence',
  'group.topic.created',
  'group.topics.destroyed',
  'group.topic.changed',
  'group.member.changed',
  'group.attributes.changed',
  'group.owner.changed',
] as const;
export type AfterKind = (typeof EVENT_KINDS)[number];

/** What endpoints can ask to be asked about before a message is sent; in this order when one asks for both. Never in the log. */
export const BEFORE_MESSAGE_KINDS = ['group.message.before-send', 'group.message.before-modify'] as const;

/** What endpoints can ask to be asked about before it happens. */
export const BEFORE_KINDS = [
  ...BEFORE_MESSAGE_KINDS,
  'group.before-create',
  'group.before-apply',
  'group.before-invite',
  'group.topic.before-create',
] as const;
export type BeforeKind = (typeof BEFORE_KINDS)[number];

export type EventKind = AfterKind | BeforeKind;

const KNOWN: ReadonlySet<string> = new Set(EVENT_KINDS);

/** In the log, and nobody can ask for them. */
const QUIET: Readonly<Record<keyof QuietFacts, true>> = {
  'group.members.banned': true,
  'group.members.muted': true,
  'group.message.modified': true,
  'group.notification.sent': true,
  'group.messages.removed': true,
};
const IN_LOG: ReadonlySet<string> = new Set([
  'group.message.sent',
  // What it is about is its message; a replay passes over it.
  'group.message.imported',
  ...GROUP_CHANGE_KINDS,
  ...Object.keys(QUIET),
]);

/** Whether this version knows what an event of the log is about; otherwise a newer one has written it. */
export function isKnownInLog(kind: string): boolean {
  return IN_LOG.has(kind);
}

/** As what endpoints ask for an event of the log with these facts; undefined for what nobody can ask for. */
export function afterKindOf(kind: string, facts: unknown): AfterKind | undefined {
  if (kind === 'group.members.joined') {
    return isOf(facts, 'joinType', 'Apply') ? 'group.members.joined.apply' : 'group.members.joined.invited';
  }
  if (kind === 'group.members.left') {
    return isOf(facts, 'exitType', 'Quit') ? 'group.members.left.quit' : 'group.members.left.kicked';
  }
  return isAfterKind(kind) ? kind : undefined;
}

function isOf(facts: unknown, key: string, value: string): boolean {
  return typeof facts === 'object' && facts !== null && (facts as Record<string, unknown>)[key] === value;
}

function isAfterKind(kind: string): kind is AfterKind {
  return KNOWN.has(kind);
}
