export {
  type Acknowledged,
  type AnswerHeaders,
  acknowledged,
  readStandardAnswer,
  type SentRange,
  STANDARD_OK,
  type StandardAnswer,
  standardError,
} from './answer.ts';
export { STANDARD_CHANGES } from './changes.ts';
export { type DecodedStandard, decodeStandard, type LaneLink, type StandardEvent } from './decode.ts';
export {
  type BatchEntry,
  encodeStandardBatch,
  encodeStandardChange,
  encodeStandardMessage,
  encodeStandardTombstone,
  type LaneFacts,
  type StandardFacts,
  type TombstoneFacts,
} from './encode.ts';
export {
  ENDPOINT_HEADER,
  STANDARD_BATCH,
  STANDARD_BATCH_MAX_BYTES,
  STANDARD_BATCH_MAX_EVENTS,
  STANDARD_MESSAGE_SENT,
  STANDARD_TOMBSTONE,
  StandardBatch,
  StandardEnvelope,
  StandardMessage,
  StandardMessageData,
  StandardTombstone,
} from './envelope.ts';
export { standardHeaders } from './headers.ts';
export {
  type GeneratedKey,
  generateSigningKey,
  importSigningKeys,
  importVerifyingKeys,
  MAX_LIVE_KEYS,
  type SignatureVersion,
  type SigningKey,
  signingKeyProblem,
  type VerifyingKey,
  verifyingKeyProblem,
} from './key.ts';
export { buildPosition, isPosition, POSITION_HEADER, parsePosition } from './position.ts';
export {
  type StandardCheck,
  type StandardSigning,
  type StandardVerdict,
  signStandard,
  verifyStandard,
  WEBHOOK_ID_HEADER,
  WEBHOOK_SIGNATURE_HEADER,
  WEBHOOK_TIMESTAMP_HEADER,
} from './signature.ts';
