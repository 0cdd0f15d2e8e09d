import type { Group } from '../domain/group.ts';
import type { PlacedMessage } from '../domain/history.ts';
import type { ExtensionPair, ExtensionState } from '../domain/message-extensions.ts';
import type { ReceiptState } from '../domain/receipts.ts';

/** What hangs on messages, as the REST API shows it. Undefined: there is no such group. */
export interface MessageReads {
  receipts(query: ReceiptsQuery): Promise<ReceiptsPage | undefined>;
  receiptMembers(query: ReceiptMembersQuery): Promise<ReceiptMembersPage | undefined>;
  extensions(query: ExtensionsQuery): Promise<ExtensionsPage | undefined>;
}

export interface ReceiptsQuery {
  readonly app: number;
  readonly groupId: string;
  readonly msgSeqs: readonly number[];
}

export interface ReceiptsPage {
  readonly group: Group;
  /** Of those messages that asked for receipts and have not been recalled. */
  readonly receipts: readonly (ReceiptState & { readonly msgSeq: number })[];
}

export interface ReceiptMembersQuery {
  readonly app: number;
  readonly groupId: string;
  readonly msgSeq: number;
  /** Those who have read it, or those who have not. */
  readonly read: boolean;
  /** Members who joined with a greater number; 0 from the start. */
  readonly after: number;
  readonly limit: number;
}

export interface ReceiptMembersPage {
  readonly group: Group;
  /** False: no such message, or it asked for none. */
  readonly found: boolean;
  /** Those of them who are members still, in the order in which they joined. */
  readonly userIds: readonly string[];
  /** Where the next page goes on; 0 = finished. */
  readonly next: number;
}

export interface ExtensionsQuery {
  readonly app: number;
  readonly groupId: string;
  readonly msgSeq: number;
  /** Pairs with this number or a later one. */
  readonly from: number;
  readonly limit: number;
}

export interface ExtensionsPage {
  readonly group: Group;
  /** Absent: there is no message of that number. */
  readonly message?: { readonly state: PlacedMessage['state']; readonly supported: boolean };
  readonly state: ExtensionState;
  /** In the order of their numbers. */
  readonly pairs: readonly ExtensionPair[];
  readonly more: boolean;
}
