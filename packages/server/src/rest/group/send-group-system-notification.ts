import { NoFields, SendGroupSystemNotificationRequest as Request } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { notifyGroup } from '../../service/message-sources.ts';
import { decodeNotification } from '../../wire/notify.ts';
import { handler } from '../command.ts';

export const sendGroupSystemNotification = handler(Request, NoFields, async (deps, caller, request) => {
  const result = await notifyGroup(deps, caller, decodeNotification(request));
  return isRefusal(result) ? result : {};
});
