import Type from 'typebox';
import { type Answered, count, list, text } from './answer.ts';
import { groupId, optional, uint32 } from './fields.ts';

const key = Type.String({ minLength: 1, description: 'Key; at most 32 bytes of UTF-8' });
const seq = optional(uint32('Version of the key that the caller last saw; 0: none'));
/** `key` and `value` are lower case here, as nowhere else. */
const Pairs = Type.Array(
  Type.Object({ key, value: Type.String({ description: 'At most 4,000 bytes of UTF-8' }), seq }),
  { description: 'Attributes' },
);

/** With `RaceConflict` a write that does not know the latest version is refused. Source: web-sdk-protocol 4.4. */
const race = {
  AttrMainSeq: optional(uint32('Version of the whole set that the caller last saw; 0: none')),
  AttrControl: optional(Type.Array(Type.String(), { description: 'RaceConflict: compare the versions' })),
};

/** `group_open_attr_http_svc/get_group_attr`, and under `group_open_http_svc` for older SDKs. Source: tencent-rest-group C1.18. */
export const GetGroupAttrRequest = Type.Object({ GroupId: groupId() });
export type GetGroupAttrRequest = Type.Static<typeof GetGroupAttrRequest>;

/** `set_group_attr` (the whole set, which may be empty) and `modify_group_attr`. Source: tencent-rest-group C1.18. */
export const SetGroupAttrRequest = Type.Object({ GroupId: groupId(), GroupAttr: Pairs, ...race });
export type SetGroupAttrRequest = Type.Static<typeof SetGroupAttrRequest>;

/** `group_open_http_svc/delete_group_attr`. Source: tencent-rest-group C1.18. */
export const DeleteGroupAttrRequest = Type.Object({
  GroupId: groupId(),
  GroupAttr: Type.Array(Type.Object({ key, seq }), { minItems: 1, description: 'Keys to delete' }),
  ...race,
});
export type DeleteGroupAttrRequest = Type.Static<typeof DeleteGroupAttrRequest>;

/** `group_open_http_svc/clear_group_attr`. Source: tencent-rest-group C1.18. */
export const ClearGroupAttrRequest = Type.Object({ GroupId: groupId(), ...race });
export type ClearGroupAttrRequest = Type.Static<typeof ClearGroupAttrRequest>;

const mainSeq = count('Version of the whole set');
const written = { key: text('Key'), seq: count('Version of the key') };

export const GetGroupAttrResponse = Type.Object({
  AttrMainSeq: mainSeq,
  GroupAttrAry: list(Type.Object({ ...written, value: text('Value') }), 'Attributes'),
});
export type GetGroupAttrResponse = Answered<typeof GetGroupAttrResponse>;

export const GroupAttrWrittenResponse = Type.Object({
  AttrMainSeq: mainSeq,
  GroupAttrAry: list(Type.Object(written), 'What was written'),
});
export type GroupAttrWrittenResponse = Answered<typeof GroupAttrWrittenResponse>;

/** Of the commands that only take keys away. */
export const GroupAttrGoneResponse = Type.Object({ AttrMainSeq: mainSeq });
export type GroupAttrGoneResponse = Answered<typeof GroupAttrGoneResponse>;
