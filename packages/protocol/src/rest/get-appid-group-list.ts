import Type from 'typebox';
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

export interface GetAppidGroupListResponse {
  readonly TotalCount: number;
  readonly GroupIdList: readonly { readonly GroupId: string }[];
  /** 0 = finished. */
  readonly Next: number;
}
