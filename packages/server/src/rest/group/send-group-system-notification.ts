import type { SendGroupSystemNotificationRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { notifyGroup } from '../../service/message-sources.ts';
import { decodeNotification } from '../../wire/notify.ts';

export async function sendGroupSystemNotification(
  deps: ServiceDeps,
  caller: Caller,
  request: SendGroupSystemNotificationRequest,
): Promise<object | Refusal> {
  const result = await notifyGroup(deps, caller, decodeNotification(request));
  return isRefusal(result) ? result : {};
}
