import Type, { type Static, type TObject, type TProperties } from 'typebox';
import { compileCheck, refusedBy } from '../check.ts';
import type { GroupQuestion } from '../group-pending.ts';
import type { Decoded } from '../results.ts';
import { OPENIM_BEFORE_CHANGES } from './before-change.ts';
import { GroupId, NullableTexts, Text } from './change/change.ts';
import { InitMemberList, readInitMemberList } from './change/lifecycle.ts';

type Decode = (value: unknown) => Decoded<GroupQuestion>;

function question<Fields extends TProperties>(
  command: string,
  fields: Fields,
  read: (body: Static<TObject<Fields>>) => GroupQuestion,
): readonly [command: string, decode: Decode] {
  const check = compileCheck(Type.Object(fields));
  return [
    command,
    (value) => {
      const checked = check(value);
      return checked.ok ? { ok: true, event: read(checked.value) } : refusedBy(checked);
    },
  ];
}

/** Source: openim A.10. */
const BY_COMMAND: ReadonlyMap<string, Decode> = new Map([
  question(
    OPENIM_BEFORE_CHANGES.created,
    {
      groupID: Text,
      groupName: Type.String(),
      notification: Text,
      introduction: Text,
      faceURL: Text,
      ownerUserID: Text,
      creatorUserID: Text,
      initMemberList: InitMemberList,
    },
    ({ groupID = '', groupName, ownerUserID = '', creatorUserID = '', initMemberList, ...profile }) => ({
      kind: 'group.before-create',
      ...{ groupId: groupID, groupType: '', name: groupName, owner: ownerUserID, operator: creatorUserID },
      ...readInitMemberList(initMemberList ?? [], ownerUserID),
      ...(profile.notification && { notification: profile.notification }),
      ...(profile.introduction && { introduction: profile.introduction }),
      ...(profile.faceURL && { faceUrl: profile.faceURL }),
    }),
  ),
  question(
    OPENIM_BEFORE_CHANGES.applied,
    { groupID: GroupId, applyID: Type.String(), reqMessage: Text },
    ({ groupID: groupId, applyID: applicant, reqMessage }) => ({
      kind: 'group.before-apply',
      ...{ groupId, groupType: '', applicant },
      ...(reqMessage && { reason: reqMessage }),
    }),
  ),
  question(
    OPENIM_BEFORE_CHANGES.invited,
    { groupID: GroupId, invitedUserIDs: NullableTexts },
    ({ groupID: groupId, invitedUserIDs }) => ({
      kind: 'group.before-invite',
      ...{ groupId, groupType: '', operator: '', members: invitedUserIDs ?? [] },
    }),
  ),
]);

/** Reads the body of such a command from its parsed JSON; undefined for any other command. Unknown fields are ignored. */
export function decodeOpenImBeforeChange(
  command: string,
  value: unknown,
): Decoded<GroupQuestion> | undefined {
  return BY_COMMAND.get(command)?.(value);
}
