import type { Group } from '../domain/group.ts';
import { GROUP_TYPE_TRAITS } from '../domain/group-types.ts';
import { type HistoryEntry, historyRange, withHoles } from '../domain/history.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { ResultMap, SendMessage } from '../store/commands.ts';
import type { Caller, ServiceDeps } from './caller.ts';

/** A message as the request gave it; `sender` absent: the calling admin. */
export type NewMessage = Omit<
  SendMessage,
  'type' | 'now' | 'app' | 'sender' | 'operator' | 'senderIsAdmin' | 'clientIp' | 'platform' | 'operationId'
> & { readonly sender?: string };

export function sendMessage(
  deps: ServiceDeps,
  caller: Caller,
  message: NewMessage,
): Promise<ResultMap['sendMessage']> {
  const sender = message.sender ?? caller.operator;
  return deps.store.commit({
    ...message,
    type: 'sendMessage',
    now: deps.clock.now(),
    app: caller.app,
    sender,
    operator: caller.operator,
    senderIsAdmin: caller.admins.includes(sender),
    clientIp: caller.clientIp,
    platform: 'RESTAPI',
    operationId: caller.requestId,
  });
}

export interface HistoryRequest {
  readonly groupId: string;
  /** 0: the newest. */
  readonly fromMsgSeq: number;
  readonly limit: number;
}

export interface History {
  readonly group: Group;
  /** Newest first, every number of the range once. */
  readonly entries: readonly HistoryEntry[];
}

export async function history(
  deps: ServiceDeps,
  caller: Caller,
  request: HistoryRequest,
): Promise<History | Refusal> {
  const page = await deps.store.history({ ...request, app: caller.app });
  if (page === undefined) {
    return refuse(
      'GROUP_NOT_FOUND',
      `group "${request.groupId}" does not exist; check the GroupId or create the group`,
    );
  }
  const { group } = page;
  if (!GROUP_TYPE_TRAITS[group.type].historyStored) {
    return refuse(
      'NO_ROAMING_MESSAGES',
      `group "${group.groupId}" is of type ${group.type}, which keeps no history`,
    );
  }
  return { group, entries: withHoles(page.messages, historyRange(group, request.fromMsgSeq, request.limit)) };
}
