import type { ErrorName } from '@confab-im/protocol';
import type { Refusal } from './refusal.ts';

/**
 * Wire codes of the refusals that a message can meet, for the event that tells of them (tencent-webhooks C.3). A copy, which a test
 * compares: what decides loads nothing of the protocol but types.
 */
export const SEND_FAILURE_CODES: Partial<Record<ErrorName, number>> = {
  ACCOUNT_NOT_FOUND: 10019,
  BODY_TOO_LONG: 80002,
  GROUP_NOT_FOUND: 10010,
  INTERNAL: 10002,
  INVALID_PARAMETERS: 10004,
  MESSAGE_FREQUENCY: 10023,
  MUTED: 10017,
  PERMISSION_DENIED: 10007,
  TOPICS_OFF: 11000,
};

const UNKNOWN = 10002;

/** Why a message was not sent, as `ErrorCode` and `ErrorInfo` say it. */
export interface SendFailure {
  readonly errorCode: number;
  readonly errorInfo: string;
}

export function failureOf({ error, ownCode, detail }: Refusal): SendFailure {
  return { errorCode: ownCode ?? SEND_FAILURE_CODES[error] ?? UNKNOWN, errorInfo: detail };
}
