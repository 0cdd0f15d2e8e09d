import type { Rules } from '../../domain/rules.ts';
import type { Command, CommandResult } from '../commands.ts';
import type { StoreErrorCode } from '../errors.ts';
import type { CoreHint } from './hints.ts';

/**
 * What passes between the store's client and its worker: asks and answers are JSON text, which costs less than
 * structured cloning of the same objects (docs/decisions/0002). Errors travel as code and sentence.
 */
export interface WorkerStart {
  readonly path: string;
  readonly rules: Rules;
  /** What the settings of endpoints are encrypted with; see `createSealer`. */
  readonly secretsKeys?: readonly string[];
}

export type Ask =
  | { readonly type: 'commit'; readonly commands: readonly Command[] }
  | { readonly type: 'read'; readonly reads: readonly ReadAsk[] }
  | { readonly type: 'close' };

export interface ReadAsk {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

export type ReadAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: WireError };

export interface WireError {
  readonly kind: 'failed';
  readonly code: StoreErrorCode;
  readonly message: string;
}

export type Answer =
  | { readonly type: 'opened'; readonly generation: number; readonly installId: string }
  | { readonly type: 'not-opened'; readonly error: WireError }
  | {
      readonly type: 'committed';
      readonly outcomes: readonly (CommandResult | WireError)[];
      readonly hints: readonly CoreHint[];
      readonly durationMs: number;
    }
  /** In the order asked for. */
  | { readonly type: 'read'; readonly answers: readonly ReadAnswer[] }
  | { readonly type: 'closed' };
