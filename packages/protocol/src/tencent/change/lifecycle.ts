import Type from 'typebox';
import {
  CustomData,
  Members,
  Operator,
  ofMembers,
  ofProfile,
  PROFILE,
  tencentChange,
  toMembers,
  toProfile,
} from './change.ts';

/** Source: tencent-webhooks C.7. */
export const afterCreateGroup = tencentChange({
  kind: 'group.created',
  command: 'Group.CallbackAfterCreateGroup',
  description: 'A group has been created',
  eventTime: 'since G4',
  fields: {
    Operator_Account: Operator,
    Owner_Account: Type.String({ description: 'UserID of the owner; empty for none' }),
    Name: Type.String(),
    MemberList: Type.Optional(Members),
    UserDefinedDataList: CustomData,
  },
  write: ({ operator, owner, name, members, customData }) => ({
    Operator_Account: operator,
    Owner_Account: owner,
    Name: name,
    MemberList: toMembers(members),
    UserDefinedDataList: customData?.length ? customData : undefined,
  }),
  read: (body) => ({
    operator: body.Operator_Account,
    owner: body.Owner_Account,
    name: body.Name,
    members: ofMembers(body.MemberList ?? []),
    ...(body.UserDefinedDataList?.length && { customData: body.UserDefinedDataList }),
  }),
});

/** A join made the group full, or failed because it is. Source: tencent-webhooks C.12. */
export const afterGroupFull = tencentChange({
  kind: 'group.full',
  command: 'Group.CallbackAfterGroupFull',
  description: 'A group is full',
  type: false,
  eventTime: 'since G4',
  fields: {},
  write: () => ({}),
  read: () => ({}),
});

/** Source: tencent-webhooks C.13, F-11. */
export const afterGroupDestroyed = tencentChange({
  kind: 'group.destroyed',
  command: 'Group.CallbackAfterGroupDestroyed',
  description: 'A group has been disbanded',
  eventTime: 'since G4',
  fields: {
    Owner_Account: Type.String({ description: 'UserID of the owner, not of who disbanded it' }),
    Name: Type.Optional(Type.String()),
    MemberList: Type.Optional(Members),
  },
  write: ({ owner, name, members }) => ({
    Owner_Account: owner,
    Name: name,
    MemberList: members && toMembers(members),
  }),
  read: ({ Owner_Account: owner, Name: name, MemberList: members }) => ({
    owner,
    ...(name !== undefined && { name }),
    ...(members !== undefined && { members: ofMembers(members) }),
  }),
});

/** Only changes of name, introduction, notice and picture. Source: tencent-webhooks C.14. */
export const afterGroupInfoChanged = tencentChange({
  kind: 'group.info.changed',
  command: 'Group.CallbackAfterGroupInfoChanged',
  description: 'The profile of a group has changed',
  eventTime: 'since G4',
  fields: { Operator_Account: Operator, ...PROFILE, UserDefinedDataList: CustomData },
  write: (change) => ({
    Operator_Account: change.operator,
    ...toProfile(change),
    UserDefinedDataList: change.customData?.length ? change.customData : undefined,
  }),
  read: (body) => ({
    operator: body.Operator_Account,
    ...ofProfile(body),
    ...(body.UserDefinedDataList?.length && { customData: body.UserDefinedDataList }),
  }),
});

const Attributes = Type.Array(Type.Object({ key: Type.String(), value: Type.Optional(Type.String()) }));
const OPTIONS = ['set', 'modify', 'clear', 'delete'] as const;

/** The keys of an attribute are in lower case. Source: tencent-webhooks C.21, F-12. */
export const afterGroupAttrChanged = tencentChange({
  kind: 'group.attributes.changed',
  command: 'Group.CallbackAfterGroupAttrChanged',
  description: 'The attributes of a group have changed',
  eventTime: 'always',
  fields: {
    Operator_Account: Operator,
    OptionType: Type.Optional(Type.Enum([...OPTIONS])),
    GroupAttr: Type.Optional(Attributes),
  },
  write: ({ operator, option, attributes }) => ({
    Operator_Account: operator,
    OptionType: option,
    GroupAttr: attributes,
  }),
  read: ({ Operator_Account: operator, OptionType: option, GroupAttr: attributes = [] }) => ({
    operator,
    ...(option !== undefined && { option }),
    attributes: attributes.map(({ key, value = '' }) => ({ key, value })),
  }),
});

/** Source: tencent-webhooks C.22. */
export const afterChangeGroupOwner = tencentChange({
  kind: 'group.owner.changed',
  command: 'Group.CallbackAfterChangeGroupOwner',
  description: 'A group has another owner',
  eventTime: 'always',
  fields: {
    Operator_Account: Operator,
    OldOwner_Account: Type.String({ description: 'UserID of the owner before' }),
    NewOwner_Account: Type.String({ description: 'UserID of the owner now' }),
  },
  write: ({ operator, oldOwner, newOwner }) => ({
    Operator_Account: operator,
    OldOwner_Account: oldOwner,
    NewOwner_Account: newOwner,
  }),
  read: (body) => ({
    operator: body.Operator_Account,
    oldOwner: body.OldOwner_Account,
    newOwner: body.NewOwner_Account,
  }),
});
