import type {
  ClearGroupAttrRequest,
  DeleteGroupAttrRequest,
  GetGroupAttrRequest,
  GetGroupAttrResponse,
  GroupAttrWrittenResponse,
  SetGroupAttrRequest,
} from '@confab-im/protocol';
import type { AttributeChange } from '../../domain/group-attributes.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { attributes, writeAttributes } from '../../service/group-values.ts';
import {
  decodeAttributeWrite,
  encodeAttributes,
  encodeAttributesWritten,
} from '../../wire/group-attributes.ts';

export async function getGroupAttr(
  deps: ServiceDeps,
  caller: Caller,
  request: GetGroupAttrRequest,
): Promise<GetGroupAttrResponse | Refusal> {
  const found = await attributes(deps, caller, request.GroupId);
  return isRefusal(found) ? found : encodeAttributes(found);
}

export const setGroupAttr = writing<SetGroupAttrRequest>('set');
export const modifyGroupAttr = writing<SetGroupAttrRequest>('modify');
export const deleteGroupAttr = writing<DeleteGroupAttrRequest>('delete');
export const clearGroupAttr = writing<ClearGroupAttrRequest>('clear');

function writing<Request extends SetGroupAttrRequest | DeleteGroupAttrRequest | ClearGroupAttrRequest>(
  change: AttributeChange,
) {
  return async (
    deps: ServiceDeps,
    caller: Caller,
    request: Request,
  ): Promise<GroupAttrWrittenResponse | Refusal> => {
    const write = decodeAttributeWrite(change, request);
    const result = await writeAttributes(deps, caller, request.GroupId, write);
    return isRefusal(result) ? result : encodeAttributesWritten(change, result.seq, result.written);
  };
}
