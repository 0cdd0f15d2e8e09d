import Type from 'typebox';
import { type Answered, list, text } from './answer.ts';

/** `ConfigSvc/GetIPList`: nothing in the body; `nettype` stands in the URL. Source: tencent-rest-user D8. */
export const GetIpListRequest = Type.Object({});
export type GetIpListRequest = Type.Static<typeof GetIpListRequest>;

export const GetIpListResponse = Type.Object({
  IPList: list(text('An address'), 'Addresses of the server'),
});
export type GetIpListResponse = Answered<typeof GetIpListResponse>;
