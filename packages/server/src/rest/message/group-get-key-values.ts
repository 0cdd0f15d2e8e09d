import {
  GroupGetKeyValuesRequest as Request,
  GroupGetKeyValuesResponse as Response,
} from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { extensions } from '../../service/message-details.ts';
import { decodeGetPairs, encodePairs } from '../../wire/key-values.ts';
import { handler } from '../command.ts';

export const groupGetKeyValues = handler(Request, Response, async (deps, caller, request) => {
  const wanted = decodeGetPairs(request);
  if (isRefusal(wanted)) return wanted;
  const result = await extensions(deps, caller, wanted);
  return isRefusal(result) ? result : encodePairs(result);
});
