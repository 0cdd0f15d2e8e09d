import type { MsgElement } from '../event.ts';
import { isJsonObject, type JsonObject } from '../json.ts';

/** ImageFormat as the media type that stands in a picture's `type`, which must not be empty. */
const FORMATS: readonly (readonly [format: number, pattern: RegExp, mediaType: string])[] = [
  [1, /jpe?g/i, 'image/jpeg'],
  [2, /gif/i, 'image/gif'],
  [3, /png/i, 'image/png'],
  [4, /bmp/i, 'image/bmp'],
];
const OTHER_FORMAT = 255;

const PICTURE_KEYS = ['uuid', 'type', 'size', 'width', 'height', 'url'];

/** ImageInfoArray[].Type by the key of the picture. */
const PICTURES = [
  ['sourcePicture', 1],
  ['bigPicture', 2],
  ['snapshotPicture', 3],
] as const;

/**
 * A TIMImageElem's content as a picture element (content type 102), or undefined when it names no image. All three pictures
 * are required there, so one that the message lacks is the original again. Source: openim A.13, B.6.
 */
export function pictureOf(content: JsonObject): JsonObject | undefined {
  const images: JsonObject[] = Array.isArray(content.ImageInfoArray)
    ? content.ImageInfoArray.filter(isJsonObject)
    : [];
  const original = images.find((image) => image.Type === 1) ?? images[0];
  if (original === undefined) return undefined;
  const type = FORMATS.find(([format]) => format === content.ImageFormat)?.[2] ?? 'image/*';
  const picture: Record<string, unknown> = {};
  for (const [key, number] of PICTURES) {
    const image = images.find((candidate) => candidate.Type === number) ?? original;
    picture[key] = {
      uuid: content.UUID ?? '',
      type,
      size: image.Size ?? 0,
      width: image.Width ?? 0,
      height: image.Height ?? 0,
      url: image.URL ?? '',
    };
  }
  return picture;
}

/** The way back; a picture that only repeats the original is left out. Undefined without an original. */
export function imageElement(picture: JsonObject): MsgElement | undefined {
  const original = picture.sourcePicture;
  if (!isJsonObject(original)) return undefined;
  const images = PICTURES.flatMap(([key, number]) => {
    const image = picture[key];
    if (
      !isJsonObject(image) ||
      (number !== 1 && PICTURE_KEYS.every((field) => image[field] === original[field]))
    ) {
      return [];
    }
    const { size = 0, width = 0, height = 0, url = '' } = image;
    return [{ Type: number, Size: size, Width: width, Height: height, URL: url }];
  });
  const type = typeof original.type === 'string' ? original.type : '';
  return {
    MsgType: 'TIMImageElem',
    MsgContent: {
      UUID: original.uuid ?? '',
      ImageFormat: FORMATS.find(([, pattern]) => pattern.test(type))?.[0] ?? OTHER_FORMAT,
      ImageInfoArray: images,
    },
  };
}
