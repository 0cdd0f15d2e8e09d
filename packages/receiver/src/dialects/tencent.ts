import {
  decodeTencentAfterSend,
  decodeTencentBeforeChange,
  decodeTencentBeforeSend,
  decodeTencentChange,
  parseTencentUrl,
  TENCENT_AFTER_SEND,
  TENCENT_BEFORE_SEND,
  TENCENT_OK,
  tencentAnswer,
} from '@confab-im/protocol';
import { refusal } from '../refusal.ts';
import type { DialectModule } from './dialect.ts';
import { checkSign } from './sign.ts';
import { tencentDecision } from './tencent-decision.ts';

/** Receiving side of Tencent Cloud Chat's contract: tencent-webhooks A.2, A.3, A.5, F.3. */
export const tencent: DialectModule = {
  senderTimeoutMs: 2000,
  ok: TENCENT_OK,
  fail: (why) => tencentAnswer(1, why),

  async admit(url, rules) {
    const { sdkAppId, command, clientIp, platform, requestId } = parseTencentUrl(url);
    if (sdkAppId === undefined) {
      return refusal('wrong-app', `The URL carries no SdkAppid; this receiver serves ${rules.sdkAppId}.`);
    }
    if (sdkAppId !== rules.sdkAppId) {
      return refusal(
        'wrong-app',
        `SdkAppid ${sdkAppId} in the URL is another app; this receiver serves ${rules.sdkAppId}.`,
      );
    }
    const unsigned = rules.authTokens.length > 0 ? await checkSign(url, rules) : undefined;
    if (unsigned) return unsigned;
    return {
      ok: true,
      ...(command !== undefined && { command }),
      ...(clientIp !== undefined && { clientIp }),
      ...(platform !== undefined && { platform }),
      ...(requestId !== undefined && { requestId }),
    };
  },

  commandIn: (body) => body.CallbackCommand,
  isCommand: (text) => /^[A-Za-z0-9]{1,64}\.[A-Za-z0-9]{1,64}$/.test(text),
  decode(command, body) {
    if (command === TENCENT_AFTER_SEND) return decodeTencentAfterSend(body);
    if (command === TENCENT_BEFORE_SEND) return decodeTencentBeforeSend(body);
    return decodeTencentBeforeChange(command, body) ?? decodeTencentChange(command, body);
  },

  decide: tencentDecision,

  // An online-only message carries MsgSeq 0 outside an AVChatRoom, so its number identifies nothing.
  keyOf(event, sdkAppId) {
    const { groupId, topicId = '', msgSeq, random, sender, msgTime } = event;
    return msgSeq === 0 || event.onlineOnly
      ? JSON.stringify(['tencent-online', sdkAppId, groupId, topicId, sender, random, msgTime])
      : JSON.stringify(['tencent', sdkAppId, groupId, topicId, msgSeq, random]);
  },
};
