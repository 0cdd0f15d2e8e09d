import Type from 'typebox';

/** `open_msg_svc/get_history`. Source: tencent-rest-user D8. */
export const GetHistoryRequest = Type.Object({
  ChatType: Type.Enum(['C2C', 'Group'], { description: 'Which messages' }),
  MsgTime: Type.String({ pattern: '^[0-9]{10}$', description: 'The hour, YYYYMMDDHH in UTC' }),
});
export type GetHistoryRequest = Type.Static<typeof GetHistoryRequest>;

export interface GetHistoryResponse {
  readonly File: readonly {
    readonly URL: string;
    /** `YYYY-MM-DD hh:mm:ss` in UTC: how long the URL can be used. */
    readonly ExpireTime: string;
    readonly FileSize: number;
    readonly FileMD5: string;
    readonly GzipSize: number;
    readonly GzipMD5: string;
  }[];
}
