import type {
  ClearGroupAttrRequest,
  DeleteGroupAttrRequest,
  GetGroupAttrRequest,
  GetGroupAttrResponse,
  GroupAttrGoneResponse,
  GroupAttrWrittenResponse,
  SetGroupAttrRequest,
} from '@confab-im/protocol';
import type { Attribute, AttributeChange } from '../../domain/group-attributes.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { attributes, writeAttributes } from '../../service/group-values.ts';
import {
  decodeAttributeWrite,
  encodeAttributes,
  encodeAttributesGone,
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

type WriteRequest = SetGroupAttrRequest | DeleteGroupAttrRequest | ClearGroupAttrRequest;

export const setGroupAttr = writing<SetGroupAttrRequest, GroupAttrWrittenResponse>(
  'set',
  encodeAttributesWritten,
);
export const modifyGroupAttr = writing<SetGroupAttrRequest, GroupAttrWrittenResponse>(
  'modify',
  encodeAttributesWritten,
);
export const deleteGroupAttr = writing<DeleteGroupAttrRequest, GroupAttrGoneResponse>(
  'delete',
  encodeAttributesGone,
);
export const clearGroupAttr = writing<ClearGroupAttrRequest, GroupAttrGoneResponse>(
  'clear',
  encodeAttributesGone,
);

function writing<Request extends WriteRequest, Response>(
  change: AttributeChange,
  encode: (seq: number, written: readonly Attribute[]) => Response,
) {
  return async (deps: ServiceDeps, caller: Caller, request: Request): Promise<Response | Refusal> => {
    const write = decodeAttributeWrite(change, request);
    const result = await writeAttributes(deps, caller, request.GroupId, write);
    return isRefusal(result) ? result : encode(result.seq, result.written);
  };
}
