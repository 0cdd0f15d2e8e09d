import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from '../canonical-json.ts';
import type { MsgElement } from '../event.ts';
import { decodeOpenImContent, encodeOpenImContent } from './content.ts';

const image = (Type: number, URL: string) => ({ Type, Size: 43000, Width: 800, Height: 600, URL });

/** One element of each kind with the content type it takes; each comes back exactly. */
const ELEMENTS: readonly (readonly [
  contentType: number,
  MsgType: string,
  MsgContent: MsgElement['MsgContent'],
])[] = [
  [101, 'TIMTextElem', { Text: 'a < b & c' }],
  [115, 'TIMFaceElem', { Index: 4, Data: 'smile' }],
  [109, 'TIMLocationElem', { Desc: 'Boathouse', Latitude: 53.8655, Longitude: 10.6866 }],
  [110, 'TIMCustomElem', { Data: '{"k":1}', Desc: 'card', Ext: 'x' }],
  [110, 'TIMCustomElem', { Data: '[1]' }],
  [103, 'TIMSoundElem', { Url: 'https://h/a', UUID: 's-01', Size: 6120, Second: 2, Download_Flag: 2 }],
  [103, 'TIMSoundElem', { UUID: 's-02', Size: 6120, Second: 2 }],
  [
    102,
    'TIMImageElem',
    { UUID: 'i-01', ImageFormat: 3, ImageInfoArray: [image(1, 'o'), image(2, 'l'), image(3, 't')] },
  ],
  [102, 'TIMImageElem', { UUID: 'i-02', ImageFormat: 255, ImageInfoArray: [image(1, 'o')] }],
  [
    105,
    'TIMFileElem',
    { Url: 'https://h/r.pdf', UUID: 'f-01', FileSize: 91000, FileName: 'r.pdf', Download_Flag: 2 },
  ],
  [
    104,
    'TIMVideoFileElem',
    {
      VideoUrl: 'https://h/v.mp4',
      VideoUUID: 'v-01',
      VideoSize: 990000,
      VideoSecond: 5,
      VideoFormat: 'mp4',
      VideoDownloadFlag: 2,
      ThumbUrl: 'https://h/v.jpg',
      ThumbUUID: 't-01',
      ThumbSize: 12000,
      ThumbWidth: 720,
      ThumbHeight: 1280,
      ThumbDownloadFlag: 2,
    },
  ],
  [
    107,
    'TIMRelayElem',
    { Title: 'Chat history', MsgNum: 1, CompatibleText: 'update', AbstractList: ['a: hi'], JsonMsgKey: 'k' },
  ],
];

test('each element takes its content type and comes back as it was', () => {
  for (const [contentType, MsgType, MsgContent] of ELEMENTS) {
    const encoded = encodeOpenImContent(canonicalJson([{ MsgType, MsgContent }]), []);
    assert.equal(encoded.contentType, contentType, MsgType);
    assert.deepEqual(decodeOpenImContent(contentType, encoded.content), [{ MsgType, MsgContent }]);
  }
});

test('content is JSON text with sorted keys and Go escapes', () => {
  const [, MsgType, MsgContent] = ELEMENTS[0] ?? [];
  assert.equal(
    encodeOpenImContent(canonicalJson([{ MsgType, MsgContent }]), ['bob']).content,
    '{"atUserList":["bob"],"isAtSelf":false,"text":"a \\u003c b \\u0026 c"}',
  );
});

test('a text with mentions is 106 and reads as text', () => {
  const body = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } }];
  const encoded = encodeOpenImContent(canonicalJson(body), ['bob', 'AtAllTag']);
  assert.equal(encoded.contentType, 106);
  assert.deepEqual(decodeOpenImContent(106, encoded.content), body);
});

test('several elements, unknown ones and look-alikes travel as an array in a custom element', () => {
  const text = { MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } };
  const lookAlike = { MsgType: 'TIMCustomElem', MsgContent: { Data: canonicalJson([text]) } };
  for (const body of [
    [text, text],
    [{ MsgType: 'TIMNewElem', MsgContent: { New: 1 } }],
    [{ MsgType: 'TIMTextElem', MsgContent: {} }],
    [{ MsgType: 'TIMImageElem', MsgContent: { UUID: 'i', ImageFormat: 1, ImageInfoArray: [] } }],
    [lookAlike],
  ]) {
    const json = canonicalJson(body);
    const encoded = encodeOpenImContent(json, []);
    assert.deepEqual(encoded, { contentType: 110, content: canonicalJson({ data: json }) });
    assert.deepEqual(decodeOpenImContent(110, encoded.content), body);
  }
});

test('kinds that Tencent lacks, and content that is not of its kind, are kept as custom elements', () => {
  for (const [contentType, content] of [
    [118, '{"content":"# hi"}'],
    [114, '{"text":"hi","quoteMessage":{}}'],
    [1, 'plain'],
    [102, 'not JSON'],
    [102, '{"bigPicture":{}}'],
    [103, '[]'],
    [106, '{"text":1}'],
    [107, '{"title":"t","multiMessage":[]}'],
  ] as const) {
    assert.deepEqual(decodeOpenImContent(contentType, content), [
      { MsgType: 'TIMCustomElem', MsgContent: { Data: content } },
    ]);
  }
});

test('real OpenIM content reads as what it is: plain text, media types, the other custom kinds', () => {
  assert.deepEqual(decodeOpenImContent(101, 'Hello'), [
    { MsgType: 'TIMTextElem', MsgContent: { Text: 'Hello' } },
  ]);
  assert.deepEqual(decodeOpenImContent(101, '{"content":5}'), [
    { MsgType: 'TIMTextElem', MsgContent: { Text: '{"content":5}' } },
  ]);
  for (const contentType of [110, 119, 120]) {
    assert.deepEqual(decodeOpenImContent(contentType, '{"data":"[]","description":"d","extension":""}'), [
      { MsgType: 'TIMCustomElem', MsgContent: { Data: '[]', Desc: 'd', Ext: '' } },
    ]);
  }
  const picture = { uuid: 'u', type: 'jpg', size: 1, width: 2, height: 3, url: 'o' };
  const snapshot = { type: 'jpg', url: 't' };
  const content = {
    sourcePath: '/a',
    sourcePicture: picture,
    bigPicture: picture,
    snapshotPicture: snapshot,
  };
  assert.deepEqual(decodeOpenImContent(102, JSON.stringify(content)), [
    {
      MsgType: 'TIMImageElem',
      MsgContent: {
        UUID: 'u',
        ImageFormat: 1,
        ImageInfoArray: [
          { Type: 1, Size: 1, Width: 2, Height: 3, URL: 'o' },
          { Type: 3, Size: 0, Width: 0, Height: 0, URL: 't' },
        ],
      },
    },
  ]);
});
