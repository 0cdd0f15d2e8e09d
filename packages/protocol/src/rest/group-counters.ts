import Type from 'typebox';
import { type Answered, count, list, text } from './answer.ts';
import { boundedText, groupId, optional } from './fields.ts';

const Key = boundedText(128, 'Key of a counter');
const keys = optional(Type.Array(Key, { description: 'Which counters; absent: all' }));

/** `group_open_http_svc/get_group_counter`. Source: tencent-rest-group C1.19. */
export const GetGroupCounterRequest = Type.Object({ GroupId: groupId(), GroupCounterKeys: keys });
export type GetGroupCounterRequest = Type.Static<typeof GetGroupCounterRequest>;

/**
 * `group_open_http_svc/update_group_counter`. A value is a 64-bit integer; one that JavaScript's numbers cannot hold arrives as its
 * digits. Source: tencent-rest-group C1.19; `Set` is the default, which the documents leave open.
 */
export const UpdateGroupCounterRequest = Type.Object({
  GroupId: groupId(),
  GroupCounter: Type.Array(
    Type.Object({
      Key: Type.Refine(
        Key,
        (text: string) => text !== '',
        () => 'must have at least 1 character',
      ),
      Value: Type.Union([
        Type.Integer({
          minimum: Number.MIN_SAFE_INTEGER,
          maximum: Number.MAX_SAFE_INTEGER,
          description: '64 bits with sign',
        }),
        Type.String({ pattern: '^-?[0-9]{1,19}$', description: 'The same in decimal digits' }),
      ]),
    }),
    { minItems: 1, description: 'Counters and values' },
  ),
  Mode: optional(Type.Enum(['Set', 'Increase', 'Decrease'], { description: 'Absent: Set' })),
});
export type UpdateGroupCounterRequest = Type.Static<typeof UpdateGroupCounterRequest>;

/** `group_open_http_svc/delete_group_counter`. Source: tencent-rest-group C1.19. */
export const DeleteGroupCounterRequest = Type.Object({ GroupId: groupId(), GroupCounterKeys: keys });
export type DeleteGroupCounterRequest = Type.Static<typeof DeleteGroupCounterRequest>;

/** The server writes what a number would lose digits of as raw JSON. */
const counters = list(
  Type.Object({
    Key: text('Key'),
    Value: Type.Unsafe<number | object>(Type.Integer({ description: '64 bits with sign' })),
  }),
  'Counters with the values they have now',
);

export const GetGroupCounterResponse = Type.Object({
  GroupCounter: counters,
  GroupCounterSeq: count('Grows with each change'),
});
export type GetGroupCounterResponse = Answered<typeof GetGroupCounterResponse>;

export const UpdateGroupCounterResponse = Type.Object({ GroupCounter: counters });
export type UpdateGroupCounterResponse = Answered<typeof UpdateGroupCounterResponse>;
