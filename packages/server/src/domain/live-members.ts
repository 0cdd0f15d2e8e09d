import type { Group } from './group.ts';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Marks of the server's own; those of the app begin at 1000 (tencent-rest-group C1.22). */
const ALWAYS_ONLINE = 500;
const HIDDEN = 600;
const FIRST_OF_APP = 1_000;
const MARKS_OF_APP = 10;
const MEMBERS_PER_MARK = 1_000;
/** So long a member with the mark 500 counts as online, whether connected or not. */
const STAYS_SECONDS = 3 * 86_400;

/** A member of an AVChatRoom who counts as online by the mark 500. Times in unix seconds. */
export interface LiveMember {
  readonly userId: string;
  readonly marks: readonly number[];
  readonly since: number;
  readonly until: number;
}

export interface Marking {
  readonly userId: string;
  readonly marks: readonly number[];
}

export interface Marked {
  readonly kind: 'marked';
  readonly members: readonly LiveMember[];
  /** Those who are online, with the marks that were named. */
  readonly done: readonly Marking[];
}

/** Why a group has no list of online members; undefined for an AVChatRoom. */
export function liveRefusal({ groupId, type }: Group): Refusal | undefined {
  if (GROUP_TYPE_TRAITS[type].live) return undefined;
  return refuse(
    'PERMISSION_DENIED',
    `group "${groupId}" is of type ${type}, which has no list of online members`,
  );
}

/** Who counts as online now. */
export function onlineMembers(members: readonly LiveMember[], nowSeconds: number): readonly LiveMember[] {
  return members.filter(({ until }) => until > nowSeconds);
}

/** Whom a list shows: with a mark those who have it, without one all but the hidden, who joined last first. */
export function listedMembers(
  members: readonly LiveMember[],
  mark: number | undefined,
): readonly LiveMember[] {
  const shown = members.filter(({ marks }) =>
    mark === undefined ? !marks.includes(HIDDEN) : marks.includes(mark),
  );
  return shown.toSorted((a, b) => b.since - a.since);
}

/** The members after marks were set or deleted; who is offline has none, and whom nobody is told of is left out. */
export function markMembers(
  members: readonly LiveMember[],
  wanted: readonly Marking[],
  how: 'set' | 'delete',
  nowSeconds: number,
): Marked | Refusal {
  const unknown = wanted.flatMap(({ marks }) => marks).find((mark) => !isMark(mark));
  if (unknown !== undefined) {
    return refuse(
      'INVALID_PARAMETERS',
      `MemberList: ${unknown} is no mark; marks are 500, 600, and those from 1000`,
    );
  }
  const online = new Map(onlineMembers(members, nowSeconds).map((member) => [member.userId, member]));
  const done: Marking[] = [];
  for (const { userId, marks } of wanted) {
    const after =
      how === 'set'
        ? withMarks(online.get(userId), userId, marks, nowSeconds)
        : withoutMarks(online.get(userId), marks);
    if (after === undefined) continue;
    done.push({ userId, marks });
    if (after === 'offline') online.delete(userId);
    else online.set(userId, after);
  }
  if (done.length === 0) return refuse('NOT_ONLINE', 'MemberList: none of these members is online');
  return tooMany([...online.values()]) ?? { kind: 'marked', members: [...online.values()], done };
}

function withMarks(
  member: LiveMember | undefined,
  userId: string,
  marks: readonly number[],
  now: number,
): LiveMember | undefined {
  const comes = marks.includes(ALWAYS_ONLINE);
  if (member === undefined && !comes) return undefined;
  const { since = now, until = 0 } = member ?? {};
  const all = [...new Set([...(member?.marks ?? []), ...marks])];
  return { userId, marks: all, since, until: comes ? now + STAYS_SECONDS : until };
}

/** Nobody is connected yet, so who loses the mark 500 is offline, and an offline member has no marks. */
function withoutMarks(
  member: LiveMember | undefined,
  marks: readonly number[],
): LiveMember | 'offline' | undefined {
  if (member === undefined) return undefined;
  if (marks.includes(ALWAYS_ONLINE)) return 'offline';
  return { ...member, marks: member.marks.filter((mark) => !marks.includes(mark)) };
}

function tooMany(members: readonly LiveMember[]): Refusal | undefined {
  const counts = new Map<number, number>();
  for (const { marks } of members) for (const mark of marks) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  const own = [...counts.keys()].filter((mark) => mark >= FIRST_OF_APP).length;
  if (own > MARKS_OF_APP) {
    return refuse(
      'INVALID_PARAMETERS',
      `MemberList: the group would have ${own} marks, at most ${MARKS_OF_APP}`,
    );
  }
  const full = [...counts].find(([, count]) => count > MEMBERS_PER_MARK);
  if (full === undefined) return undefined;
  return refuse(
    'INVALID_PARAMETERS',
    `MemberList: ${full[1]} members would have mark ${full[0]}, at most ${MEMBERS_PER_MARK}`,
  );
}

function isMark(mark: number): boolean {
  return mark === ALWAYS_ONLINE || mark === HIDDEN || mark >= FIRST_OF_APP;
}
