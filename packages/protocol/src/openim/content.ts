import { canonicalJson } from '../canonical-json.ts';
import type { MsgElement } from '../event.ts';
import { isJsonObject, type JsonObject, parseJson } from '../json.ts';
import { ELEMENT_FIELDS, type ElementFields } from './element-fields.ts';
import { goEscapes } from './go-json.ts';
import { imageElement, pictureOf } from './picture.ts';

const TEXT = 101;
const PICTURE = 102;
const TEXT_WITH_MENTIONS = 106;
const MERGED = 107;
const CUSTOM = 110;
/** Custom without conversation, custom online-only: their content is as that of 110. */
const OTHER_CUSTOM: readonly number[] = [119, 120];

const BY_MSG_TYPE = new Map(ELEMENT_FIELDS.map((element) => [element.msgType, element]));
const BY_CONTENT_TYPE = new Map(ELEMENT_FIELDS.map((element) => [element.contentType, element]));

export interface OpenImContent {
  readonly contentType: number;
  /** JSON text with sorted keys and Go's escapes, as the server re-serialises REST sends (openim A.9). */
  readonly content: string;
}

/**
 * A message body as the one element that OpenIM has room for. A single element goes as its own kind; several, or one that
 * OpenIM has no kind for, go as a custom element whose `data` is the JSON text of the array. So does a custom element
 * whose Data reads as such an array, which keeps the way back unambiguous.
 */
export function encodeOpenImContent(msgBodyJson: string, mentioned: readonly string[]): OpenImContent {
  const elements = JSON.parse(msgBodyJson) as readonly MsgElement[];
  const [only] = elements;
  const single = only && elements.length === 1 ? encodeElement(only, mentioned) : undefined;
  const [contentType, fields] = single ?? [CUSTOM, { data: msgBodyJson }];
  return { contentType, content: goEscapes(canonicalJson(fields)) };
}

function encodeElement(
  { MsgType, MsgContent }: MsgElement,
  mentioned: readonly string[],
): readonly [contentType: number, fields: JsonObject] | undefined {
  if (MsgType === 'TIMTextElem' && mentioned.length > 0) {
    return [TEXT_WITH_MENTIONS, { text: MsgContent.Text, atUserList: mentioned, isAtSelf: false }];
  }
  // The content of merged messages is the client's own affair in OpenIM (openim A.13), so Tencent's goes as it is.
  if (MsgType === 'TIMRelayElem') return [MERGED, MsgContent];
  if (MsgType === 'TIMImageElem') {
    const picture = pictureOf(MsgContent);
    return picture && [PICTURE, picture];
  }
  if (MsgType === 'TIMCustomElem' && readElements(MsgContent.Data)) return undefined;
  const known = BY_MSG_TYPE.get(MsgType);
  const fields = known && rename(known.fields, MsgContent);
  return fields && [known.contentType, fields];
}

/**
 * The message body that a content stands for. A kind that Tencent lacks, or content that is not of its kind, becomes a
 * TIMCustomElem whose Data is the content, unchanged. Plain text of kind 101, which the documentation page prints, is text.
 */
export function decodeOpenImContent(contentType: number, content: string): readonly MsgElement[] {
  const fields = parseJson(content);
  if (isJsonObject(fields)) {
    const array = contentType === CUSTOM ? readElements(fields.data) : undefined;
    if (array) return array;
    const element = decodeElement(contentType, fields);
    if (element) return [element];
  }
  const text = contentType === TEXT ? textElement(content) : undefined;
  return [text ?? { MsgType: 'TIMCustomElem', MsgContent: { Data: content } }];
}

function decodeElement(contentType: number, fields: JsonObject): MsgElement | undefined {
  switch (contentType) {
    case PICTURE:
      return imageElement(fields);
    case TEXT:
      return textElement(fields.content);
    case TEXT_WITH_MENTIONS:
      return textElement(fields.text);
    case MERGED:
      return 'AbstractList' in fields ? { MsgType: 'TIMRelayElem', MsgContent: fields } : undefined;
    default: {
      const known = BY_CONTENT_TYPE.get(OTHER_CUSTOM.includes(contentType) ? CUSTOM : contentType);
      const content = known && renameToTencent(known, fields);
      return content && { MsgType: known.msgType, MsgContent: content };
    }
  }
}

function textElement(text: unknown): MsgElement | undefined {
  return typeof text === 'string' ? { MsgType: 'TIMTextElem', MsgContent: { Text: text } } : undefined;
}

function renameToTencent(element: ElementFields, fields: JsonObject): JsonObject | undefined {
  const content = rename(
    element.fields.map(([tencent, openim]) => [openim, tencent] as const),
    fields,
  );
  if (content === undefined) return undefined;
  const flags = (element.flags ?? [])
    .filter(([url]) => fields[url] !== undefined)
    .map(([, flag]) => [flag, 2]);
  return { ...content, ...Object.fromEntries(flags) };
}

/** The fields under their other names, absent ones left out; undefined when the first, which tells the kind, is absent. */
function rename(
  pairs: readonly (readonly [from: string, to: string])[],
  fields: JsonObject,
): JsonObject | undefined {
  const renamed = pairs
    .filter(([from]) => fields[from] !== undefined)
    .map(([from, to]) => [to, fields[from]]);
  return pairs[0] && fields[pairs[0][0]] !== undefined ? Object.fromEntries(renamed) : undefined;
}

/** The elements that a text holds as JSON, or undefined when it is anything else. */
function readElements(text: unknown): readonly MsgElement[] | undefined {
  const value = typeof text === 'string' && text.startsWith('[') ? parseJson(text) : undefined;
  return Array.isArray(value) && value.length > 0 && value.every(isElement) ? value : undefined;
}

function isElement(value: unknown): value is MsgElement {
  return isJsonObject(value) && typeof value.MsgType === 'string' && isJsonObject(value.MsgContent);
}
