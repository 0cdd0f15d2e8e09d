import Type from 'typebox';
import { type Answered, count, list, text } from './answer.ts';

/** `open_msg_svc/get_history`. Source: tencent-rest-user D8. */
export const GetHistoryRequest = Type.Object({
  ChatType: Type.Enum(['C2C', 'Group'], { description: 'Which messages' }),
  MsgTime: Type.String({ pattern: '^[0-9]{10}$', description: 'The hour, YYYYMMDDHH in UTC' }),
});
export type GetHistoryRequest = Type.Static<typeof GetHistoryRequest>;

export const GetHistoryResponse = Type.Object({
  File: list(
    Type.Object({
      URL: text('Where the file can be fetched'),
      ExpireTime: text('YYYY-MM-DD hh:mm:ss in UTC: how long the URL can be used'),
      FileSize: count('Bytes'),
      FileMD5: text('MD5 of the file'),
      GzipSize: count('Bytes of what is fetched'),
      GzipMD5: text('MD5 of what is fetched'),
    }),
    'Files of the hour, oldest messages first',
  ),
});
export type GetHistoryResponse = Answered<typeof GetHistoryResponse>;
