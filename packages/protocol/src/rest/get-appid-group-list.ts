import Type from 'typebox';
import { type Answered, count, list, text } from './answer.ts';
import { optional } from './fields.ts';

const filter = Type.String({ description: 'Only groups of this type, old or new name; BChatRoom has none' });

/** `group_open_http_svc/get_appid_group_list`. Source: tencent-rest-group C1.3. */
export const GetAppidGroupListRequest = Type.Object({
  Limit: optional(
    Type.Integer({ minimum: 0, maximum: 10_000, description: 'Most groups; 0 or absent: 10,000' }),
  ),
  Next: optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: '0 first, then the last Next',
    }),
  ),
  GroupType: optional(filter),
  Type: optional(filter),
});
export type GetAppidGroupListRequest = Type.Static<typeof GetAppidGroupListRequest>;

export const GetAppidGroupListResponse = Type.Object({
  TotalCount: count('All groups of this type'),
  GroupIdList: list(Type.Object({ GroupId: text('A group') }), 'One page of them'),
  Next: count('To be sent for the next page; 0: finished'),
});
export type GetAppidGroupListResponse = Answered<typeof GetAppidGroupListResponse>;
