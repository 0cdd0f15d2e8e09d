import Type from 'typebox';
import { UncheckedElement } from '../elements.ts';
import { type Answered, count } from './answer.ts';
import { optional, uint32, userId } from './fields.ts';

/** `group_open_http_svc/send_broadcast_msg`: to all AVChatRooms of the app. Source: tencent-rest-message C2.3. */
export const SendBroadcastMsgRequest = Type.Object({
  From_Account: optional(userId('Sender shown; absent: the calling admin')),
  Random: uint32('Random number of the message'),
  MsgBody: Type.Array(UncheckedElement, { minItems: 1, description: 'Elements' }),
  CloudCustomData: optional(Type.String({ description: 'Delivered with the message' })),
});
export type SendBroadcastMsgRequest = Type.Static<typeof SendBroadcastMsgRequest>;

export const SendBroadcastMsgResponse = Type.Object({
  MsgSeq: count("The app's broadcasts are numbered 1, 2, 3, …"),
});
export type SendBroadcastMsgResponse = Answered<typeof SendBroadcastMsgResponse>;
