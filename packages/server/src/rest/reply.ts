import { ERRORS, restFail, restOk } from '@confab-im/protocol';
import type { Refusal } from '../domain/refusal.ts';
import type { HttpReply } from './http.ts';

export type LogFields = NonNullable<HttpReply['log']>;

/** Longer answers are refused with 10018 (tencent-rest A.6: 1 MB). */
const MAX_ANSWER_BYTES = 1_048_576;

/** The fields of a command's answer in the envelope. HTTP status 200, like every answer (tencent-rest A.2). */
export function okReply(fields: object, log: LogFields): HttpReply {
  const body = JSON.stringify(restOk(fields));
  // A UTF-16 unit has at most three bytes, so that most answers need no counting.
  if (body.length * 3 > MAX_ANSWER_BYTES && Buffer.byteLength(body) > MAX_ANSWER_BYTES) {
    const { text, remedy } = ERRORS.ANSWER_TOO_LONG;
    return refusedReply({ kind: 'refused', error: 'ANSWER_TOO_LONG', detail: `${text} ${remedy}` }, log);
  }
  // A message dropped by the frequency cap is answered with OK; the log is where it shows.
  const dropped = 'MsgDropReason' in fields && { dropped: String(fields.MsgDropReason) };
  // The lines of before-webhooks have the request and no number, since there was none yet: this one joins the two.
  const sent = 'MsgSeq' in fields && { msgSeq: Number(fields.MsgSeq) };
  return { status: 200, body, log: { ...log, code: 0, ...dropped, ...sent } };
}

export function refusedReply(refusal: Refusal, log: LogFields): HttpReply {
  const code = refusal.ownCode ?? ERRORS[refusal.error].code;
  return { status: 200, body: JSON.stringify(restFail(code, refusal.detail)), log: { ...log, code } };
}
