import type {
  MessageResults,
  ModifyMessage,
  RecallMessages,
  RecallMessagesOf,
} from '../store/message-commands.ts';
import { type Caller, commandBase, type ServiceDeps } from './caller.ts';

type Request<C> = Omit<C, 'type' | 'now' | 'app' | 'operator' | 'from'>;

export function recallMessages(
  deps: ServiceDeps,
  caller: Caller,
  request: Request<RecallMessages>,
): Promise<MessageResults['recallMessages']> {
  const { operator } = caller;
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'recallMessages', operator });
}

export function recallMessagesOf(
  deps: ServiceDeps,
  caller: Caller,
  request: Request<RecallMessagesOf>,
): Promise<MessageResults['recallMessagesOf']> {
  const { operator } = caller;
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'recallMessagesOf', operator });
}

export function modifyMessage(
  deps: ServiceDeps,
  caller: Caller,
  request: Request<ModifyMessage>,
): Promise<MessageResults['modifyMessage']> {
  const { operator } = caller;
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'modifyMessage', operator });
}
