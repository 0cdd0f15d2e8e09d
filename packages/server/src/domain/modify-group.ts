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
 * May the profile be changed so? Fields that the group's type does not have are left out in silence, as at its creation: SDKs send
 * them with every type.
 */
export function decideModifyGroup(
  group: Group,
  given: ProfileChanges,
  rules: Pick<Rules, 'maxMembers'>,
): ModifyDecision | Refusal {
  const limit = rules.maxMembers[group.type];
  const wanted = withoutForeign(group, given);
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

function withoutForeign(group: Group, given: ProfileChanges): ProfileChanges {
  const traits = GROUP_TYPE_TRAITS[group.type];
  const {
    maxMemberNum,
    applyJoinOption,
    inviteJoinOption,
    historyBeforeJoin,
    enablePermission,
    defaultPermission,
    ...rest
  } = given;
  return {
    ...rest,
    ...(traits.membersStored && (maxMemberNum ?? 0) > 0 && { maxMemberNum }),
    ...(traits.applyJoinOptionUsable && applyJoinOption !== undefined && { applyJoinOption }),
    ...(traits.inviteJoinOptionUsable && inviteJoinOption !== undefined && { inviteJoinOption }),
    ...(traits.historyBeforeJoinUsable && historyBeforeJoin !== undefined && { historyBeforeJoin }),
    ...(group.supportTopic && enablePermission !== undefined && { enablePermission }),
    ...(group.supportTopic && defaultPermission !== undefined && { defaultPermission }),
  };
}

function changesOf(group: Group, wanted: Omit<ProfileChanges, 'appDefinedData'>): Partial<Group> {
  const entries = Object.entries(wanted) as [keyof typeof wanted, unknown][];
  return Object.fromEntries(entries.filter(([name, value]) => group[name] !== value));
}
