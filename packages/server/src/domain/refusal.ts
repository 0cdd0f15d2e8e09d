import type { ErrorName } from '@confab-im/protocol';

/** A command that was refused: nothing has changed. `error` is a row of protocol's error table; `detail` says what was wrong and where. */
export interface Refusal {
  readonly kind: 'refused';
  readonly error: ErrorName;
  readonly detail: string;
  /** On the wire in place of the row's code: one that the app backend has chosen (tencent-webhooks A.5.3). */
  readonly ownCode?: number;
}

export function refuse(error: ErrorName, detail: string): Refusal {
  return { kind: 'refused', error, detail };
}

/** Tells a refusal from any other result. */
export function isRefusal(value: object): value is Refusal {
  return 'kind' in value && value.kind === 'refused';
}
