import {
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
import { handler } from '../command.ts';

export const getGroupAttr = handler(
  GetGroupAttrRequest,
  GetGroupAttrResponse,
  async (deps, caller, request) => {
    const found = await attributes(deps, caller, request.GroupId);
    return isRefusal(found) ? found : encodeAttributes(found);
  },
);

type WriteRequest = SetGroupAttrRequest | DeleteGroupAttrRequest | ClearGroupAttrRequest;

export const setGroupAttr = putting('set');
export const modifyGroupAttr = putting('modify');

export const deleteGroupAttr = handler(
  DeleteGroupAttrRequest,
  GroupAttrGoneResponse,
  writing('delete', encodeAttributesGone),
);
export const clearGroupAttr = handler(
  ClearGroupAttrRequest,
  GroupAttrGoneResponse,
  writing('clear', encodeAttributesGone),
);

function putting(change: 'set' | 'modify') {
  return handler(SetGroupAttrRequest, GroupAttrWrittenResponse, writing(change, encodeAttributesWritten));
}

function writing<Response>(
  change: AttributeChange,
  encode: (seq: number, written: readonly Attribute[]) => Response,
) {
  return async (deps: ServiceDeps, caller: Caller, request: WriteRequest): Promise<Response | Refusal> => {
    const write = decodeAttributeWrite(change, request);
    const result = await writeAttributes(deps, caller, request.GroupId, write);
    return isRefusal(result) ? result : encode(result.seq, result.written);
  };
}
