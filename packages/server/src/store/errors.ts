/** Why the store could not do it; the message is a sentence for the operator. */
export type StoreErrorCode =
  | 'locked'
  | 'read-only'
  | 'corrupt'
  | 'newer-version'
  | 'older-version'
  | 'unfinished'
  | 'not-empty'
  | 'differs'
  | 'interrupted'
  | 'not-a-database'
  | 'full'
  | 'unreachable'
  | 'secrets-locked'
  | 'denied'
  | 'busy'
  | 'closed'
  | 'internal';

export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}
