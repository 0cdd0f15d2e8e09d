import {
  GroupSetKeyValuesRequest as Request,
  GroupSetKeyValuesResponse as Response,
} from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { writeExtensions } from '../../service/message-details.ts';
import { decodeSetPairs, encodeWritten } from '../../wire/key-values.ts';
import { handler } from '../command.ts';

export const groupSetKeyValues = handler(Request, Response, async (deps, caller, request) => {
  const wanted = decodeSetPairs(request);
  if (isRefusal(wanted)) return wanted;
  const result = await writeExtensions(deps, caller, wanted);
  return isRefusal(result) ? result : encodeWritten(result);
});
