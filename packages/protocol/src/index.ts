export { canonicalJson } from './canonical-json.ts';
export { type CheckProblem, type CheckResult, compileCheck } from './check.ts';
export * from './elements.ts';
export * from './errors.ts';
export {
  type EventOrigin,
  GROUP_TYPES,
  type GroupAt,
  type GroupMessageBeforeModify,
  type GroupMessageBeforeSend,
  type GroupMessageFacts,
  type GroupMessageSent,
  type GroupType,
  type MessageOrigin,
  MSG_PRIORITIES,
  type MsgElement,
  type MsgPriority,
  type OpenImIdentity,
  type PendingMessageFacts,
  type Tombstone,
} from './event.ts';
export type { GroupEvent, GroupEventPlace, HeardFacts } from './group-event.ts';
export {
  type CustomField,
  type EventFacts,
  GROUP_CHANGE_KINDS,
  type GroupChange,
  type GroupChangeKind,
  type GroupChangePlace,
  type GroupFacts,
  type QuietFacts,
  type Receipt,
  type SentMessageFacts,
} from './group-facts.ts';
export type { GroupQuestion, PendingChange, PendingChangeKind } from './group-pending.ts';
export {
  OPENIM_AFTER_SEND_GROUP,
  OPENIM_REVISIONS,
  OpenImAfterSendBody,
  type OpenImRevision,
} from './openim/after-send-group.ts';
export { OPENIM_OK, OpenImAnswer, readOpenImAnswer } from './openim/answer.ts';
export {
  type OpenImModification,
  OpenImModifyAnswer,
  openImBeforeAnswer,
  openImModifyAnswer,
  readOpenImBeforeAnswer,
  readOpenImModifyAnswer,
} from './openim/before-answer.ts';
export {
  encodeOpenImBeforeChange,
  OPENIM_BEFORE_CHANGES,
  openImChangeAnswer,
  readOpenImChangeAnswer,
} from './openim/before-change.ts';
export {
  OPENIM_BEFORE_MODIFY,
  OPENIM_BEFORE_SEND_GROUP,
  OpenImBeforeModifyBody,
  OpenImBeforeSendBody,
} from './openim/before-send-group.ts';
export {
  decodeOpenImChange,
  type EncodedChange,
  encodeOpenImChange,
  OPENIM_CHANGES,
} from './openim/change/index.ts';
export type { OpenImContent } from './openim/content.ts';
export { decodeOpenImAfterSend } from './openim/decode-after-send-group.ts';
export { decodeOpenImBeforeChange } from './openim/decode-before-change.ts';
export { decodeOpenImBeforeModify, decodeOpenImBeforeSend } from './openim/decode-before-send-group.ts';
export { encodeOpenImAfterSend } from './openim/encode-after-send-group.ts';
export { encodeOpenImBeforeModify, encodeOpenImBeforeSend } from './openim/encode-before-send-group.ts';
export { openImContentOf } from './openim/encode-message.ts';
export { buildOpenImUrl, OpenImKey, type OpenImUrl, openImHeaders, parseOpenImUrl } from './openim/url.ts';
export * from './rest/index.ts';
export type {
  BeforeAnswer,
  BeforeDecision,
  ChangeAnswer,
  ChangeDecision,
  Decoded,
  DecodedGroupMessage,
  MessageRewrite,
  WebhookAnswer,
} from './results.ts';
export { checkTencentSign, type TencentSignCheck, tencentSign } from './sign.ts';
export * from './standard/index.ts';
export {
  TENCENT_AFTER_SEND,
  TENCENT_REVISIONS,
  TencentAfterSendBody,
  type TencentRevision,
} from './tencent/after-send.ts';
export { readTencentAnswer, TENCENT_OK, TencentAnswer, tencentAnswer } from './tencent/answer.ts';
export {
  isTencentOwnCode,
  readTencentBeforeAnswer,
  TencentBeforeAnswer,
  tencentBeforeAnswer,
} from './tencent/before-answer.ts';
export {
  encodeTencentBeforeChange,
  readTencentChangeAnswer,
  TENCENT_BEFORE_CHANGES,
  tencentChangeAnswer,
} from './tencent/before-change.ts';
export { TENCENT_BEFORE_SEND, TencentBeforeSendBody } from './tencent/before-send.ts';
export { decodeTencentChange, encodeTencentChange, tencentCommand } from './tencent/change/index.ts';
export { decodeTencentAfterSend } from './tencent/decode-after-send.ts';
export { decodeTencentBeforeChange } from './tencent/decode-before-change.ts';
export { decodeTencentBeforeSend } from './tencent/decode-before-send.ts';
export { encodeTencentAfterSend } from './tencent/encode-after-send.ts';
export { encodeTencentBeforeSend } from './tencent/encode-before-send.ts';
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
