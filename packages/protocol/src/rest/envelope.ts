/** The three fields that every answer has. Source: tencent-rest A.2. */
export interface RestEnvelope {
  readonly ActionStatus: 'OK' | 'FAIL';
  /** Free text; empty on success. */
  readonly ErrorInfo: string;
  /** 0 on success. */
  readonly ErrorCode: number;
}

export type RestOk<T extends object> = RestEnvelope & T;

/** A successful answer with the fields of its command. */
export function restOk<T extends object>(fields: T): RestOk<T> {
  return { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0, ...fields };
}

/** A refusal: `info` is a sentence for people, clients look at `code`. */
export function restFail(code: number, info: string): RestEnvelope {
  return { ActionStatus: 'FAIL', ErrorInfo: info, ErrorCode: code };
}
