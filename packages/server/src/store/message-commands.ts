import type { Refusal } from '../domain/refusal.ts';
import type { Done, InApp } from './command-base.ts';

/** What is done to messages that have been sent, and to what hangs on them. */
export type MessageCommand = RecallMessages | RecallMessagesOf | ModifyMessage;

/** Takes messages out of the history; what was told of them stays told (tencent-rest-message C2.8). */
export interface RecallMessages extends InApp {
  readonly type: 'recallMessages';
  readonly operator: string;
  readonly groupId: string;
  readonly msgSeqs: readonly number[];
  readonly reason?: string;
}

/** The same for what one user has sent among the last `RECALL_REACH` numbers of the group, without telling anybody (C2.7). */
export interface RecallMessagesOf extends InApp {
  readonly type: 'recallMessagesOf';
  readonly operator: string;
  readonly groupId: string;
  readonly sender: string;
}

/** How far back `recallMessagesOf` looks, in messages (tencent-rest-message C2.7). */
export const RECALL_REACH = 1_000;

/** Overwrites what the history shows of a message (tencent-rest-message C2.5). Absent parts stay. */
export interface ModifyMessage extends InApp {
  readonly type: 'modifyMessage';
  readonly operator: string;
  readonly groupId: string;
  readonly msgSeq: number;
  /** Canonical JSON text of `MsgBody`. */
  readonly msgBodyJson?: string;
  readonly cloudCustomData?: string;
}

export interface MessageResults {
  /** In the order asked for, each number once; `refusal`: why this one was not recalled. */
  recallMessages:
    | {
        readonly kind: 'done';
        readonly messages: readonly { readonly msgSeq: number; readonly refusal?: Refusal }[];
      }
    | Refusal;
  recallMessagesOf: { readonly kind: 'done'; readonly recalled: number } | Refusal;
  modifyMessage: Done | Refusal;
}
