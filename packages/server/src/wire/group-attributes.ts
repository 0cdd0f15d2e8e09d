import type {
  ClearGroupAttrRequest,
  DeleteGroupAttrRequest,
  GetGroupAttrResponse,
  GroupAttrGoneResponse,
  GroupAttrWrittenResponse,
  SetGroupAttrRequest,
} from '@confab-im/protocol';
import type { Attribute, AttributeChange, Attributes, AttributeWrite } from '../domain/group-attributes.ts';

type Item = DeleteGroupAttrRequest['GroupAttr'][number] & { readonly value?: string };
type Request = ClearGroupAttrRequest & { readonly GroupAttr?: readonly Item[] };

/** Two writers are told from each other only when the request asks for it (web-sdk-protocol 4.4). */
export function decodeAttributeWrite(
  change: AttributeChange,
  request: SetGroupAttrRequest | DeleteGroupAttrRequest | ClearGroupAttrRequest,
): AttributeWrite {
  const { GroupAttr = [], AttrMainSeq, AttrControl }: Request = request;
  return {
    change,
    entries: GroupAttr.map(({ key, value = '', seq }) => ({ key, value, ...(seq !== undefined && { seq }) })),
    compare: AttrControl?.includes('RaceConflict') ?? false,
    ...(AttrMainSeq !== undefined && { mainSeq: AttrMainSeq }),
  };
}

export function encodeAttributes({ seq, entries }: Attributes): GetGroupAttrResponse {
  const GroupAttrAry = entries.map((entry) => ({ key: entry.key, value: entry.value, seq: entry.seq }));
  return { AttrMainSeq: seq, GroupAttrAry };
}

export function encodeAttributesGone(seq: number): GroupAttrGoneResponse {
  return { AttrMainSeq: seq };
}

export function encodeAttributesWritten(
  seq: number,
  written: readonly Attribute[],
): GroupAttrWrittenResponse {
  return { AttrMainSeq: seq, GroupAttrAry: written.map((entry) => ({ key: entry.key, seq: entry.seq })) };
}
