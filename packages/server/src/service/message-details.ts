import { extensionRefusal } from '../domain/message-extensions.ts';
import { receiptTypeRefusal } from '../domain/receipts.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type {
  MessageResults,
  ReportReceipts,
  SetUnread,
  WriteExtensions,
} from '../store/message-commands.ts';
import type { ExtensionsPage, ReceiptMembersPage, ReceiptsPage } from '../store/message-reads.ts';
import { type Caller, commandBase, type ServiceDeps } from './caller.ts';

type Request<C> = Omit<C, 'type' | 'now' | 'app' | 'from'>;

/** How many have read each of these messages (tencent-rest-message C2.9). */
export async function receipts(
  deps: ServiceDeps,
  caller: Caller,
  request: { readonly groupId: string; readonly msgSeqs: readonly number[] },
): Promise<ReceiptsPage | Refusal> {
  const page = await deps.store.receipts({ ...request, app: caller.app });
  return page === undefined ? missing(request.groupId) : (receiptTypeRefusal(page.group) ?? page);
}

/** Who has read a message, or has not (tencent-rest-message C2.10). */
export async function receiptMembers(
  deps: ServiceDeps,
  caller: Caller,
  request: {
    readonly groupId: string;
    readonly msgSeq: number;
    readonly read: boolean;
    readonly after: number;
    readonly limit: number;
  },
): Promise<ReceiptMembersPage | Refusal> {
  const page = await deps.store.receiptMembers({ ...request, app: caller.app });
  if (page === undefined) return missing(request.groupId);
  const refusal = receiptTypeRefusal(page.group);
  if (refusal !== undefined) return refusal;
  if (page.found) return page;
  return refuse('RECEIPT_NOT_FOUND', `message ${request.msgSeq} of "${request.groupId}" has no read receipt`);
}

export function reportReceipts(
  deps: ServiceDeps,
  caller: Caller,
  request: Request<ReportReceipts>,
): Promise<MessageResults['reportReceipts']> {
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'reportReceipts' });
}

/** The key-value pairs of a message (tencent-rest-message C2.12). */
export async function extensions(
  deps: ServiceDeps,
  caller: Caller,
  request: {
    readonly groupId: string;
    readonly msgSeq: number;
    readonly from: number;
    readonly limit: number;
  },
): Promise<ExtensionsPage | Refusal> {
  const page = await deps.store.extensions({ ...request, app: caller.app });
  if (page === undefined) return missing(request.groupId);
  return extensionRefusal(page.group, request.msgSeq, page.message) ?? page;
}

export function writeExtensions(
  deps: ServiceDeps,
  caller: Caller,
  request: Request<WriteExtensions>,
): Promise<MessageResults['writeExtensions']> {
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'writeExtensions' });
}

export function setUnread(
  deps: ServiceDeps,
  caller: Caller,
  request: Request<SetUnread>,
): Promise<MessageResults['setUnread']> {
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'setUnread' });
}

function missing(groupId: string): Refusal {
  return refuse(
    'GROUP_NOT_FOUND',
    `group "${groupId}" does not exist; check the GroupId or create the group`,
  );
}
