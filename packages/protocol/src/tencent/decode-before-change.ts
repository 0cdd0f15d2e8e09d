import Type, { type Static, type TObject, type TProperties } from 'typebox';
import { compileCheck, refusedBy } from '../check.ts';
import type { GroupQuestion, PendingChangeKind, QuestionPlace } from '../group-pending.ts';
import type { Decoded } from '../results.ts';
import { TENCENT_BEFORE_CHANGES } from './before-change.ts';
import { Members, Operator, ofMembers } from './change/change.ts';
import { EventTime } from './group-message-fields.ts';

type Decode = (value: unknown) => Decoded<GroupQuestion>;

const PLACE = {
  GroupId: Type.Optional(Type.String({ description: 'Group; not where it is to be created' })),
  Type: Type.Optional(Type.String({ description: 'Group type' })),
  EventTime,
};

function question<Fields extends TProperties>(
  kind: PendingChangeKind,
  fields: Fields,
  read: (body: Static<TObject<Fields>>, place: QuestionPlace) => GroupQuestion,
): readonly [command: string, decode: Decode] {
  const checkPlace = compileCheck(Type.Object(PLACE));
  const checkFields = compileCheck(Type.Object(fields));
  return [
    TENCENT_BEFORE_CHANGES[kind],
    (value) => {
      const place = checkPlace(value);
      const checked = checkFields(value);
      if (!place.ok || !checked.ok) return refusedBy(place, checked);
      const { GroupId: groupId = '', Type: groupType = '', EventTime: time } = place.value;
      const where = { groupId, groupType, ...(time !== undefined && { eventTime: Number(time) }) };
      return { ok: true, event: read(checked.value, where) };
    },
  ];
}

const Name = Type.String({ description: 'Name' });

/** Sources: tencent-webhooks C.6, C.8, C.9, C.16. */
const BY_COMMAND: ReadonlyMap<string, Decode> = new Map([
  question(
    'group.before-create',
    {
      Operator_Account: Operator,
      Owner_Account: Type.Optional(Type.String({ description: 'Owner to be; empty: none' })),
      Name,
      MemberList: Type.Optional(Members),
    },
    ({ Operator_Account: operator, Owner_Account: owner = '', Name: name, MemberList = [] }, place) => ({
      kind: 'group.before-create',
      ...{ ...place, operator, owner, name },
      members: ofMembers(MemberList),
    }),
  ),
  question(
    'group.before-apply',
    { Requestor_Account: Type.String({ description: 'Who asks to join' }) },
    ({ Requestor_Account: applicant }, place) => ({ kind: 'group.before-apply', ...place, applicant }),
  ),
  question(
    'group.before-invite',
    { Operator_Account: Operator, DestinationMembers: Members },
    ({ Operator_Account: operator, DestinationMembers }, place) => ({
      kind: 'group.before-invite',
      ...{ ...place, operator },
      members: ofMembers(DestinationMembers),
    }),
  ),
  question(
    'group.topic.before-create',
    { Operator_Account: Operator, Name },
    ({ Operator_Account: operator, Name: name }, place) => ({
      kind: 'group.topic.before-create',
      ...{ ...place, operator, name },
    }),
  ),
]);

/** Reads the body of such a command from its parsed JSON; undefined for any other command. Unknown fields are ignored. */
export function decodeTencentBeforeChange(
  command: string,
  value: unknown,
): Decoded<GroupQuestion> | undefined {
  return BY_COMMAND.get(command)?.(value);
}
