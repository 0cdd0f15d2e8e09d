/** One element of a message in both dialects. The first pair of `fields` must be there for the element to be this kind. */
export interface ElementFields {
  readonly msgType: string;
  readonly contentType: number;
  readonly fields: readonly (readonly [tencent: string, openim: string])[];
  /** Tencent's download flags, always 2 beside the URL they belong to (tencent-webhooks E); OpenIM has none. */
  readonly flags?: readonly (readonly [openimUrl: string, tencentFlag: string])[];
}

/**
 * The elements that differ in the names of their fields only. Tencent: tencent-webhooks E; OpenIM: openim A.13, the two keys
 * of a face from the public source of its SDK. What has no partner is dropped: `Sound` of a custom element, `ThumbFormat` of
 * a video, a sender's local paths.
 */
export const ELEMENT_FIELDS: readonly ElementFields[] = [
  { msgType: 'TIMTextElem', contentType: 101, fields: [['Text', 'content']] },
  {
    msgType: 'TIMSoundElem',
    contentType: 103,
    fields: [
      ['Second', 'duration'],
      ['Url', 'sourceUrl'],
      ['UUID', 'uuid'],
      ['Size', 'dataSize'],
    ],
    flags: [['sourceUrl', 'Download_Flag']],
  },
  {
    msgType: 'TIMVideoFileElem',
    contentType: 104,
    fields: [
      ['VideoSecond', 'duration'],
      ['VideoUrl', 'videoUrl'],
      ['VideoUUID', 'videoUUID'],
      ['VideoSize', 'videoSize'],
      ['VideoFormat', 'videoType'],
      ['ThumbUrl', 'snapshotUrl'],
      ['ThumbUUID', 'snapshotUUID'],
      ['ThumbSize', 'snapshotSize'],
      ['ThumbWidth', 'snapshotWidth'],
      ['ThumbHeight', 'snapshotHeight'],
    ],
    flags: [
      ['videoUrl', 'VideoDownloadFlag'],
      ['snapshotUrl', 'ThumbDownloadFlag'],
    ],
  },
  {
    msgType: 'TIMFileElem',
    contentType: 105,
    fields: [
      ['FileName', 'fileName'],
      ['Url', 'sourceUrl'],
      ['UUID', 'uuid'],
      ['FileSize', 'fileSize'],
    ],
    flags: [['sourceUrl', 'Download_Flag']],
  },
  {
    msgType: 'TIMLocationElem',
    contentType: 109,
    fields: [
      ['Latitude', 'latitude'],
      ['Longitude', 'longitude'],
      ['Desc', 'description'],
    ],
  },
  {
    msgType: 'TIMCustomElem',
    contentType: 110,
    fields: [
      ['Data', 'data'],
      ['Desc', 'description'],
      ['Ext', 'extension'],
    ],
  },
  {
    msgType: 'TIMFaceElem',
    contentType: 115,
    fields: [
      ['Index', 'index'],
      ['Data', 'data'],
    ],
  },
];
