import { changedFields, fieldsRefusal, MAX_GROUP_FIELDS, mergeFields } from './custom-fields.ts';
import type { ApplyJoinOption, Group, InviteJoinOption, KeyValue } from './group.ts';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Rules } from './rules.ts';

/** What a profile can be changed in; absent fields stay (tencent-rest-group C1.6). */
export interface ProfileChanges {
  readonly name?: string;
  readonly introduction?: string;
  readonly notification?: string;
  readonly faceUrl?: string;
  readonly maxMemberNum?: number;
  readonly applyJoinOption?: ApplyJoinOption;
  readonly inviteJoinOption?: InviteJoinOption;
  readonly muteAll?: boolean;
  readonly historyBeforeJoin?: boolean;
  readonly enablePermission?: boolean;
  readonly defaultPermission?: number;
  /** Sets these keys; an empty value takes one away. */
  readonly appDefinedData?: readonly KeyValue[];
}

/** The fields whose change members are told of, and app backends (tencent-webhooks C.14). */
const TOLD = ['name', 'introduction', 'notification', 'faceUrl'] as const;
export type ToldChanges = Pick<ProfileChanges, (typeof TOLD)[number]>;

export interface ModifyDecision {
  readonly kind: 'modify';
  /** What is different now; empty when nothing is. */
  readonly changes: Partial<Group>;
  readonly told: ToldChanges;
  readonly changedData: readonly KeyValue[];
}

/**
 * May the profile be changed so? A setting that the group does not have can be sent with the value that holds anyway, as SDKs do that
 * send back what they have read; another one is refused.
 */
export function decideModifyGroup(
  group: Group,
  given: ProfileChanges,
  rules: Pick<Rules, 'maxMembers'>,
): ModifyDecision | Refusal {
  const foreign = foreignRefusal(group, given);
  if (foreign !== undefined) return foreign;
  const limit = rules.maxMembers[group.type];
  const wanted = withoutLimit(group, given);
  if ((wanted.maxMemberNum ?? 0) > limit) {
    return refuse('INVALID_PARAMETERS', `MaxMemberNum: at most ${limit} for a group of type ${group.type}`);
  }
  const { appDefinedData: data = [], ...plain } = wanted;
  const merged = mergeFields(group.appDefinedData, data);
  const tooMany = fieldsRefusal('AppDefinedData', merged, MAX_GROUP_FIELDS);
  if (tooMany !== undefined) return tooMany;
  const changed = changesOf(group, plain);
  const changedData = changedFields(group.appDefinedData, data);
  const told = Object.fromEntries(TOLD.flatMap((name) => (name in changed ? [[name, changed[name]]] : [])));
  return {
    kind: 'modify',
    changes: changedData.length === 0 ? changed : { ...changed, appDefinedData: merged },
    told,
    changedData,
  };
}

/** Settings that only some groups have (types-errors E.2, tencent-rest-group C1.0), and their names on the wire. */
const OF_SOME = {
  applyJoinOption: ['ApplyJoinOption', ({ type }) => GROUP_TYPE_TRAITS[type].applyJoinOptionUsable],
  inviteJoinOption: ['InviteJoinOption', ({ type }) => GROUP_TYPE_TRAITS[type].inviteJoinOptionUsable],
  historyBeforeJoin: ['HistoryMsgBeforeJoin', ({ type }) => GROUP_TYPE_TRAITS[type].historyBeforeJoinUsable],
  enablePermission: ['EnablePermission', ({ supportTopic }) => supportTopic],
  defaultPermission: ['DefaultPermission', ({ supportTopic }) => supportTopic],
} as const satisfies Partial<Record<keyof ProfileChanges, readonly [string, (group: Group) => boolean]>>;

function foreignRefusal(group: Group, given: ProfileChanges): Refusal | undefined {
  for (const [name, [wire, has]] of Object.entries(OF_SOME) as [
    keyof typeof OF_SOME,
    (typeof OF_SOME)[keyof typeof OF_SOME],
  ][]) {
    if (given[name] === undefined || given[name] === group[name] || has(group)) continue;
    const { groupId, type } = group;
    return refuse(
      'PERMISSION_DENIED',
      `${wire}: group "${groupId}" (${type}) has no such setting; leave it out`,
    );
  }
  return undefined;
}

/** A limit of 0 leaves it as it is; where members are not kept it is ignored, as documented. */
function withoutLimit({ type }: Group, { maxMemberNum, ...rest }: ProfileChanges): ProfileChanges {
  const means = GROUP_TYPE_TRAITS[type].membersStored && (maxMemberNum ?? 0) > 0;
  return { ...rest, ...(means && { maxMemberNum }) };
}

function changesOf(group: Group, wanted: Omit<ProfileChanges, 'appDefinedData'>): Partial<Group> {
  const entries = Object.entries(wanted) as [keyof typeof wanted, unknown][];
  return Object.fromEntries(entries.filter(([name, value]) => group[name] !== value));
}
