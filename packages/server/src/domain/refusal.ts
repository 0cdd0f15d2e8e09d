import type { ErrorName } from '@confab-im/protocol';

/** A command that was refused: nothing has changed. `error` is a row of protocol's error table; `detail` says what was wrong and where. */
export interface Refusal {
  readonly kind: 'refused';
  readonly error: ErrorName;
  readonly detail: string;
}

export function refuse(error: ErrorName, detail: string): Refusal {
  return { kind: 'refused', error, detail };
}

/** Tells a refusal from any other result. */
export function isRefusal(value: object): value is Refusal {
  return 'kind' in value && value.kind === 'refused';
}
