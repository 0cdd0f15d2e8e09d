import Type, { type TProperties } from 'typebox';
import { type CheckProblem, type CheckResult, compileCheck } from './check.ts';
import type { MsgElement } from './event.ts';

/** Deeper nesting is refused; a dozen merged messages inside one another take about 60 levels. */
const MAX_DEPTH = 100;

const text = (description: string) => Type.Optional(Type.String({ description }));
const size = (description: string) => Type.Optional(Type.Number({ minimum: 0, description }));
const downloadFlag = Type.Optional(Type.Integer({ description: 'How to fetch it; 2 = from the URL' }));

/** Unknown members of `MsgContent` are allowed, kept and passed on. */
const element = <N extends string, P extends TProperties>(type: N, content: P) =>
  Type.Object({ MsgType: Type.Literal(type), MsgContent: Type.Object(content) });

const image = Type.Object({
  Type: Type.Enum([1, 2, 3], { description: '1 original, 2 large, 3 thumbnail' }),
  Size: size('Bytes'),
  Width: size('Pixels'),
  Height: size('Pixels'),
  URL: Type.String({ description: 'Download URL' }),
});

const mergedMessage = Type.Object({
  From_Account: Type.String({ description: 'Sender' }),
  To_Account: text('Receiver, in a one-to-one conversation'),
  GroupId: text('Group, in a group'),
  MsgSeq: Type.Optional(Type.Integer()),
  MsgRandom: Type.Optional(Type.Integer()),
  MsgTimeStamp: Type.Optional(Type.Integer({ description: 'Unix seconds' })),
  MsgBody: Type.Array(Type.Object({ MsgType: Type.String() })),
  CloudCustomData: text('Custom data of the message'),
});

/**
 * Every message element with the fields that are documented. What clients of the 2.x and 3.x SDKs and captured traffic leave
 * out is optional. Source: tencent-rest-message C2.30, tencent-webhooks E.
 */
export const MSG_ELEMENTS = {
  TIMTextElem: element('TIMTextElem', { Text: Type.String({ description: 'The text' }) }),
  TIMLocationElem: element('TIMLocationElem', {
    Desc: text('Description'),
    Latitude: Type.Number({ minimum: -90, maximum: 90, description: 'Degrees' }),
    Longitude: Type.Number({ minimum: -180, maximum: 180, description: 'Degrees' }),
  }),
  TIMFaceElem: element('TIMFaceElem', {
    Index: Type.Integer({ description: 'Number of the face, defined by the app' }),
    Data: text('Extra data; may hold control characters'),
  }),
  TIMCustomElem: element('TIMCustomElem', {
    Data: text('Payload'),
    Desc: text('Description; the text of an offline push'),
    Ext: text('Extension, handed to APNs'),
    Sound: text('Sound of an offline push'),
  }),
  TIMSoundElem: element('TIMSoundElem', {
    Url: text('Download URL'),
    UUID: text('Unique key'),
    Size: size('Bytes'),
    Second: size('Seconds'),
    Download_Flag: downloadFlag,
  }),
  TIMImageElem: element('TIMImageElem', {
    UUID: text('Unique key'),
    ImageFormat: Type.Optional(
      Type.Enum([1, 2, 3, 4, 255], { description: '1 JPG, 2 GIF, 3 PNG, 4 BMP, 255 other' }),
    ),
    ImageInfoArray: Type.Array(image, { minItems: 1, description: 'The image in its sizes' }),
  }),
  TIMFileElem: element('TIMFileElem', {
    Url: text('Download URL'),
    UUID: text('Unique key'),
    FileSize: size('Bytes'),
    FileName: text('Name of the file'),
    Download_Flag: downloadFlag,
  }),
  TIMVideoFileElem: element('TIMVideoFileElem', {
    VideoUrl: text('Download URL'),
    VideoUUID: text('Unique key'),
    VideoSize: size('Bytes'),
    VideoSecond: size('Seconds; 0 from web clients'),
    VideoFormat: text('Such as mp4'),
    VideoDownloadFlag: downloadFlag,
    ThumbUrl: text('Download URL of the preview'),
    ThumbUUID: text('Unique key of the preview'),
    ThumbSize: size('Bytes'),
    ThumbWidth: size('Pixels'),
    ThumbHeight: size('Pixels'),
    ThumbFormat: text('Such as JPG'),
    ThumbDownloadFlag: downloadFlag,
  }),
  TIMRelayElem: element('TIMRelayElem', {
    Title: text('Title of the merged message'),
    MsgNum: Type.Optional(Type.Integer({ minimum: 0, description: 'Number of merged messages' })),
    CompatibleText: text('Shown by clients that do not know the element'),
    AbstractList: Type.Optional(Type.Array(Type.String(), { description: 'Digest lines' })),
    MsgList: Type.Optional(Type.Array(mergedMessage, { description: 'The merged messages, up to 12 KB' })),
    JsonMsgKey: text('Key of the stored list, when it is larger'),
  }),
} as const;

export type MsgType = keyof typeof MSG_ELEMENTS;

const msgTypes = Object.keys(MSG_ELEMENTS) as MsgType[];

/** One element of a message, for documentation; `checkMsgBody` checks with the schema of its own type. */
export const MsgElementSchema = Type.Union(msgTypes.map((type) => MSG_ELEMENTS[type]));

/** An element in the schema of a request: `checkMsgBody` looks into it, documents show `MsgElementSchema` in its place. */
export const UncheckedElement = Type.Unknown();

/** What stands in histories beside the documented elements: tips, members that are `null`, what other versions have stored. */
export const OtherElementSchema = Type.Object({
  MsgType: Type.String({ description: 'TIMGroupTipElem: a tip of the system' }),
  MsgContent: Type.Object({}),
});

/** An element in an answer: as its sender wrote it, members that are not documented included. */
export const StoredElement = Type.Unsafe<MsgElement>(Type.Union([MsgElementSchema, OtherElementSchema]));

const checks: ReadonlyMap<unknown, (value: unknown) => CheckResult<unknown>> = new Map(
  msgTypes.map((type) => [type, compileCheck(MSG_ELEMENTS[type])]),
);

/**
 * Checks a message's elements: at least one, each of a known type and shape, at most one `TIMCustomElem`. The value comes
 * back as it was; a member that is `null` counts as absent. Only the first element that is wrong is reported.
 * Source: tencent-rest-message C2.30; the 100 levels of nesting are our own limit.
 */
export function checkMsgBody(value: unknown): CheckResult<readonly MsgElement[]> {
  if (!Array.isArray(value)) return wrong('MsgBody', 'must be an array of elements');
  if (value.length === 0) return wrong('MsgBody', 'must have at least one element');
  let customElements = 0;
  for (let i = 0; i < value.length; i++) {
    const item: unknown = value[i];
    const problems = elementProblems(item, `MsgBody[${i}]`);
    if (problems !== undefined) return { ok: false, problems };
    if ((item as MsgElement).MsgType === 'TIMCustomElem' && ++customElements > 1) {
      return wrong(`MsgBody[${i}]`, 'a message has at most one TIMCustomElem');
    }
  }
  return { ok: true, value: value as readonly MsgElement[] };
}

function elementProblems(item: unknown, at: string): readonly CheckProblem[] | undefined {
  if (!isObject(item)) return problem(at, 'must be an object with MsgType and MsgContent');
  const check = checks.get(item.MsgType);
  if (check === undefined) return problem(`${at}.MsgType`, `must be one of ${msgTypes.join(', ')}`);
  if (!within(item, MAX_DEPTH)) return problem(at, `must not be nested over ${MAX_DEPTH} levels`);
  const checked = check(withoutNulls(item));
  if (!checked.ok) {
    return checked.problems.map(({ path, message }) => ({
      path: `${at}.${path}`,
      message: `${at}.${message}`,
    }));
  }
  return item.MsgType === 'TIMRelayElem' ? relayProblems(item.MsgContent, at) : undefined;
}

function relayProblems(content: unknown, at: string): readonly CheckProblem[] | undefined {
  if (!isObject(content)) return undefined;
  const given = [content.MsgList, content.JsonMsgKey].filter((part) => part !== undefined && part !== null);
  return given.length === 1
    ? undefined
    : problem(`${at}.MsgContent`, 'must have either MsgList or JsonMsgKey');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function within(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  for (const member of Object.values(value)) if (!within(member, levels - 1)) return false;
  return true;
}

/** The element as its check sees it; the same object when nothing in its content is null. */
function withoutNulls(item: Record<string, unknown>): unknown {
  const content = item.MsgContent;
  if (!isObject(content) || !Object.values(content).includes(null)) return item;
  const kept = Object.entries(content).filter(([, member]) => member !== null);
  return { MsgType: item.MsgType, MsgContent: Object.fromEntries(kept) };
}

function problem(path: string, complaint: string): readonly CheckProblem[] {
  return [{ path, message: `${path}: ${complaint}` }];
}

function wrong(path: string, complaint: string): CheckResult<never> {
  return { ok: false, problems: problem(path, complaint) };
}
