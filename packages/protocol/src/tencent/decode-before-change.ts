import Type, { type Static, type TObject, type TProperties } from 'typebox';
import { compileCheck } from '../check.ts';
import type { GroupQuestion, PendingChangeKind } from '../group-pending.ts';
import type { Decoded } from '../results.ts';
import { TENCENT_BEFORE_CHANGES } from './before-change.ts';
import { Members, Operator, ofMembers } from './change/change.ts';
import { EventTime } from './group-message-fields.ts';

type Place = 'kind' | 'groupId' | 'groupType' | 'eventTime';
type Facts<Kind extends PendingChangeKind> = Omit<GroupQuestion<Kind>, Place>;
type Decode = (value: unknown) => Decoded<GroupQuestion>;

const PLACE = {
  GroupId: Type.Optional(Type.String({ description: 'Group; not where it is to be created' })),
  Type: Type.Optional(Type.String({ description: 'Group type' })),
  EventTime,
};

function question<Kind extends PendingChangeKind, Fields extends TProperties>(
  kind: Kind,
  fields: Fields,
  read: (body: Static<TObject<Fields>>) => Facts<Kind>,
): readonly [command: string, decode: Decode] {
  const checkPlace = compileCheck(Type.Object(PLACE));
  const checkFields = compileCheck(Type.Object(fields));
  return [
    TENCENT_BEFORE_CHANGES[kind],
    (value) => {
      const place = checkPlace(value);
      const checked = checkFields(value);
      if (!place.ok || !checked.ok) {
        const problems = [place, checked].flatMap((check) => (check.ok ? [] : check.problems));
        return { ok: false, problems: problems.map(({ message }) => message).slice(0, 8) };
      }
      const { GroupId: groupId = '', Type: groupType = '', EventTime: time } = place.value;
      const where = { kind, groupId, groupType, ...(time !== undefined && { eventTime: Number(time) }) };
      const facts = read(checked.value as unknown as Static<TObject<Fields>>);
      return { ok: true, event: { ...facts, ...where } as unknown as GroupQuestion };
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
    ({ Operator_Account: operator, Owner_Account: owner = '', Name: name, MemberList = [] }) => ({
      ...{ operator, owner, name },
      members: ofMembers(MemberList),
    }),
  ),
  question(
    'group.before-apply',
    { Requestor_Account: Type.String({ description: 'Who asks to join' }) },
    ({ Requestor_Account: applicant }) => ({ applicant }),
  ),
  question(
    'group.before-invite',
    { Operator_Account: Operator, DestinationMembers: Members },
    ({ Operator_Account: operator, DestinationMembers }) => ({
      operator,
      members: ofMembers(DestinationMembers),
    }),
  ),
  question(
    'group.topic.before-create',
    { Operator_Account: Operator, Name },
    ({ Operator_Account: operator, Name: name }) => ({ operator, name }),
  ),
]);

/** Reads the body of such a command from its parsed JSON; undefined for any other command. Unknown fields are ignored. */
export function decodeTencentBeforeChange(
  command: string,
  value: unknown,
): Decoded<GroupQuestion> | undefined {
  return BY_COMMAND.get(command)?.(value);
}
