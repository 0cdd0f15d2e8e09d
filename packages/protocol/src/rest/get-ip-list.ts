import Type from 'typebox';

/** `ConfigSvc/GetIPList`: nothing in the body; `nettype` stands in the URL. Source: tencent-rest-user D8. */
export const GetIpListRequest = Type.Object({});
export type GetIpListRequest = Type.Static<typeof GetIpListRequest>;

export interface GetIpListResponse {
  readonly IPList: readonly string[];
}
