import type { ExtensionWrite, WrittenPair } from '../domain/message-extensions.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Done, InApp, InPlace } from './command-base.ts';

/** What is done to messages that have been sent, and to what hangs on them. */
export type MessageCommand =
  | RecallMessages
  | RecallMessagesOf
  | ModifyMessage
  | ImportMessages
  | NotifyGroup
  | Broadcast
  | ReportReceipts
  | WriteExtensions
  | SetUnread;

/** Takes messages out of the history; what was told of them stays told (tencent-rest-message C2.8). */
export interface RecallMessages extends InPlace {
  readonly type: 'recallMessages';
  readonly operator: string;
  readonly msgSeqs: readonly number[];
  readonly reason?: string;
}

/** The same for what one user has sent among the last `RECALL_REACH` numbers of the group, without telling anybody (C2.7). */
export interface RecallMessagesOf extends InPlace {
  readonly type: 'recallMessagesOf';
  readonly operator: string;
  readonly sender: string;
}

/** How far back `recallMessagesOf` looks, in messages (tencent-rest-message C2.7). */
export const RECALL_REACH = 1_000;

/** Overwrites what the history shows of a message (tencent-rest-message C2.5). Absent parts stay. */
export interface ModifyMessage extends InPlace {
  readonly type: 'modifyMessage';
  readonly operator: string;
  readonly msgSeq: number;
  /** Canonical JSON text of `MsgBody`. */
  readonly msgBodyJson?: string;
  readonly cloudCustomData?: string;
}

/** Old messages with the times they had; no webhook tells of them (tencent-rest-message C2.4). */
export interface ImportMessages extends InPlace {
  readonly type: 'importMessages';
  readonly messages: readonly ImportedMessage[];
}

export interface ImportedMessage {
  readonly sender: string;
  /** Unix seconds. */
  readonly sendTime: number;
  /** Absent: no repetition of it is recognised. */
  readonly random?: number;
  /** Canonical JSON text of `MsgBody`. */
  readonly msgBodyJson: string;
  readonly cloudCustomData?: string;
}

/** Told to who is online, in no history (tencent-rest-message C2.2). */
export interface NotifyGroup extends InPlace {
  readonly type: 'notifyGroup';
  readonly operator: string;
  readonly content: string;
  /** Absent: everybody. */
  readonly to?: readonly string[];
}

/** Told to who is online in any AVChatRoom of the app, in no history (tencent-rest-message C2.3). */
export interface Broadcast extends InApp {
  readonly type: 'broadcast';
  readonly sender: string;
  readonly senderIsAdmin: boolean;
  readonly msgBodyJson: string;
  readonly cloudCustomData?: string;
}

/** One member has read these messages, of those that asked for receipts; the others are passed over. */
export interface ReportReceipts extends InApp {
  readonly type: 'reportReceipts';
  readonly groupId: string;
  readonly reader: string;
  readonly msgSeqs: readonly number[];
}

/** Changes the key-value pairs of a message that was sent with `SupportMessageExtension` (tencent-rest-message C2.12). */
export interface WriteExtensions extends InApp {
  readonly type: 'writeExtensions';
  readonly groupId: string;
  readonly msgSeq: number;
  readonly write: ExtensionWrite;
}

/** How many messages a member has not read; more than the group has count as all of them (tencent-rest-message C2.11). */
export interface SetUnread extends InPlace {
  readonly type: 'setUnread';
  readonly userId: string;
  readonly unread: number;
}

export interface MessageResults {
  setUnread: Done | Refusal;
  /** In the order asked for, each number once; `refusal`: why this one was not recalled. */
  recallMessages:
    | {
        readonly kind: 'done';
        readonly messages: readonly { readonly msgSeq: number; readonly refusal?: Refusal }[];
      }
    | Refusal;
  recallMessagesOf: { readonly kind: 'done'; readonly recalled: number } | Refusal;
  modifyMessage: Done | Refusal;
  /** In the order given; `refusal`: why this one was not imported, it then has the number 0. */
  importMessages:
    | {
        readonly kind: 'done';
        readonly messages: readonly {
          readonly msgSeq: number;
          /** Unix seconds. */
          readonly msgTime: number;
          readonly refusal?: Refusal;
        }[];
      }
    | Refusal;
  notifyGroup: Done | Refusal;
  broadcast: { readonly kind: 'done'; readonly msgSeq: number } | Refusal;
  /** `reported`: those that had not been reported by this reader. */
  reportReceipts: { readonly kind: 'done'; readonly reported: readonly number[] } | Refusal;
  writeExtensions:
    | { readonly kind: 'done'; readonly latestSeq: number; readonly pairs: readonly WrittenPair[] }
    | Refusal;
}
