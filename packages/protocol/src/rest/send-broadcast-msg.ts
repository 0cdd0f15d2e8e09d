import Type from 'typebox';
import { optional, uint32, userId } from './fields.ts';

/** `group_open_http_svc/send_broadcast_msg`: to all AVChatRooms of the app. Source: tencent-rest-message C2.3. */
export const SendBroadcastMsgRequest = Type.Object({
  From_Account: optional(userId('Sender shown; absent: the calling admin')),
  Random: uint32('Random number of the message'),
  MsgBody: Type.Array(Type.Unknown(), { minItems: 1, description: 'Elements' }),
  CloudCustomData: optional(Type.String({ description: 'Delivered with the message' })),
});
export type SendBroadcastMsgRequest = Type.Static<typeof SendBroadcastMsgRequest>;

export interface SendBroadcastMsgResponse {
  /** The app's broadcasts are numbered 1, 2, 3, …. */
  readonly MsgSeq: number;
}
