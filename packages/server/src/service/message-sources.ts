import type { Broadcast, ImportMessages, MessageResults, NotifyGroup } from '../store/message-commands.ts';
import { type Caller, commandBase, type ServiceDeps } from './caller.ts';

type Request<C> = Omit<C, 'type' | 'now' | 'app' | 'operator' | 'from'>;

export function importMessages(
  deps: ServiceDeps,
  caller: Caller,
  request: Request<ImportMessages>,
): Promise<MessageResults['importMessages']> {
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'importMessages' });
}

export function notifyGroup(
  deps: ServiceDeps,
  caller: Caller,
  request: Request<NotifyGroup>,
): Promise<MessageResults['notifyGroup']> {
  const { operator } = caller;
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'notifyGroup', operator });
}

export function broadcast(
  deps: ServiceDeps,
  caller: Caller,
  request: Omit<Request<Broadcast>, 'sender' | 'senderIsAdmin'> & { readonly sender?: string },
): Promise<MessageResults['broadcast']> {
  const sender = request.sender ?? caller.operator;
  const senderIsAdmin = caller.admins.includes(sender);
  return deps.store.commit({
    ...request,
    ...commandBase(deps, caller),
    type: 'broadcast',
    sender,
    senderIsAdmin,
  });
}
