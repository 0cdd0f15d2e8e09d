export { canonicalJson } from './canonical-json.ts';
export { type CheckProblem, type CheckResult, compileCheck } from './check.ts';
export * from './elements.ts';
export * from './errors.ts';
export {
  GROUP_TYPES,
  type GroupAt,
  type GroupMessageFacts,
  type GroupMessageSent,
  type GroupType,
  MSG_PRIORITIES,
  type MsgElement,
  type MsgPriority,
  type OpenImIdentity,
} from './event.ts';
export {
  OPENIM_AFTER_SEND_GROUP,
  OPENIM_REVISIONS,
  OpenImAfterSendBody,
  type OpenImRevision,
} from './openim/after-send-group.ts';
export { OPENIM_OK, OpenImAnswer, readOpenImAnswer } from './openim/answer.ts';
export { decodeOpenImAfterSend } from './openim/decode-after-send-group.ts';
export { encodeOpenImAfterSend } from './openim/encode-after-send-group.ts';
export { buildOpenImUrl, OpenImKey, type OpenImUrl, openImHeaders, parseOpenImUrl } from './openim/url.ts';
export * from './rest/index.ts';
export type { DecodedGroupMessage, WebhookAnswer } from './results.ts';
export { checkTencentSign, type TencentSignCheck, tencentSign } from './sign.ts';
export {
  TENCENT_AFTER_SEND,
  TENCENT_REVISIONS,
  TencentAfterSendBody,
  type TencentRevision,
} from './tencent/after-send.ts';
export { readTencentAnswer, TENCENT_OK, TencentAnswer, tencentAnswer } from './tencent/answer.ts';
export { decodeTencentAfterSend } from './tencent/decode-after-send.ts';
export { encodeTencentAfterSend } from './tencent/encode-after-send.ts';
export { normalizeTencentPlatform } from './tencent/platform.ts';
export { buildTencentUrl, parseTencentUrl, type TencentUrl, type TencentUrlParts } from './tencent/url.ts';
export {
  makeUserSig,
  type ReadUserSig,
  readUserSig,
  UserSigDoc,
  type UserSigExpectation,
  type UserSigParts,
  type VerifiedUserSig,
  verifyUserSig,
} from './usersig.ts';
