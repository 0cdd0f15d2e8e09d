import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkMsgBody, MSG_ELEMENTS, type MsgType } from './elements.ts';

const one = (MsgType: string, MsgContent: unknown) => [{ MsgType, MsgContent }];
const image = { Type: 1, Size: 43_000, Width: 800, Height: 600, URL: 'https://cdn.example.net/i.png' };
const merged = {
  From_Account: 'alice',
  GroupId: '@TGS#2QW7H5K3M',
  MsgSeq: 41,
  MsgRandom: 77,
  MsgTimeStamp: 1735689500,
};

/** Documented elements, with all their fields and then with the fewest. */
const GOOD: Record<MsgType, readonly unknown[]> = {
  TIMTextElem: [{ Text: 'see you' }, { Text: '' }],
  TIMFaceElem: [{ Index: 4, Data: 'smile\u0000' }, { Index: 0 }],
  TIMLocationElem: [
    { Desc: 'Boathouse', Latitude: 53.8655, Longitude: 10.6866 },
    { Latitude: -90, Longitude: 180 },
  ],
  TIMCustomElem: [{ Data: '{"k":1}', Desc: 'card', Ext: 'x', Sound: 'ding.aiff' }, {}],
  TIMSoundElem: [
    { Url: 'https://cdn.example.net/a.m4a', UUID: 's-01', Size: 6120, Second: 2, Download_Flag: 2 },
    { Size: 6120, Second: 2 },
  ],
  TIMImageElem: [{ UUID: 'i-01', ImageFormat: 255, ImageInfoArray: [image] }, { ImageInfoArray: [image] }],
  TIMFileElem: [
    {
      Url: 'https://cdn.example.net/r.pdf',
      UUID: 'f-01',
      FileSize: 91_000,
      FileName: 'roster.pdf',
      Download_Flag: 2,
    },
    { FileName: 'roster.pdf' },
  ],
  TIMVideoFileElem: [
    {
      VideoUrl: 'https://cdn.example.net/v.mp4',
      VideoUUID: 'v-01',
      VideoSize: 990_000,
      VideoSecond: 0,
      VideoFormat: 'mp4',
      VideoDownloadFlag: 2,
      ThumbUrl: 'https://cdn.example.net/v.jpg',
      ThumbUUID: 't-01',
      ThumbSize: 12_000,
      ThumbWidth: 720,
      ThumbHeight: 1280,
      ThumbFormat: 'JPG',
      ThumbDownloadFlag: 2,
    },
    { VideoSecond: 5 },
  ],
  TIMRelayElem: [
    {
      Title: 'Chat history',
      MsgNum: 1,
      CompatibleText: 'please update',
      AbstractList: ['alice: hi'],
      MsgList: [{ ...merged, MsgBody: one('TIMTextElem', { Text: 'hi' }) }],
    },
    { JsonMsgKey: 'k' },
  ],
};

for (const [type, contents] of Object.entries(GOOD)) {
  test(`${type} is accepted, kept as it came`, () => {
    for (const content of contents) {
      const body = one(type, { ...(content as object), Unknown: [null, { deep: true }] });
      const before = structuredClone(body);
      assert.equal(checkMsgBody(body).ok, true, JSON.stringify(content));
      assert.deepEqual(body, before);
    }
  });
}

const BAD: readonly [value: unknown, path: string][] = [
  [undefined, 'MsgBody'],
  ['hi', 'MsgBody'],
  [[], 'MsgBody'],
  [[null], 'MsgBody[0]'],
  [one('TIMFooElem', {}), 'MsgBody[0].MsgType'],
  [one('toString', {}), 'MsgBody[0].MsgType'],
  [[{ MsgContent: { Text: 'x' } }], 'MsgBody[0].MsgType'],
  [[{ MsgType: 'TIMTextElem' }], 'MsgBody[0].MsgContent'],
  [one('TIMTextElem', 'x'), 'MsgBody[0].MsgContent'],
  [one('TIMTextElem', {}), 'MsgBody[0].MsgContent.Text'],
  [one('TIMTextElem', { Text: null }), 'MsgBody[0].MsgContent.Text'],
  [one('TIMTextElem', { Text: 1 }), 'MsgBody[0].MsgContent.Text'],
  [one('TIMFaceElem', { Index: 1.5 }), 'MsgBody[0].MsgContent.Index'],
  [one('TIMLocationElem', { Latitude: 91, Longitude: 0 }), 'MsgBody[0].MsgContent.Latitude'],
  [one('TIMSoundElem', { Size: -1 }), 'MsgBody[0].MsgContent.Size'],
  [one('TIMImageElem', { ImageInfoArray: [] }), 'MsgBody[0].MsgContent.ImageInfoArray'],
  [
    one('TIMImageElem', { ImageInfoArray: [{ ...image, Type: 4 }] }),
    'MsgBody[0].MsgContent.ImageInfoArray[0].Type',
  ],
  [one('TIMRelayElem', { Title: 't' }), 'MsgBody[0].MsgContent'],
  [one('TIMRelayElem', { MsgList: [], JsonMsgKey: 'k' }), 'MsgBody[0].MsgContent'],
  [
    [...one('TIMCustomElem', {}), ...one('TIMTextElem', { Text: 'x' }), ...one('TIMCustomElem', {})],
    'MsgBody[2]',
  ],
];

for (const [value, path] of BAD) {
  test(`refused at ${path}: ${JSON.stringify(value)}`, () => {
    const checked = checkMsgBody(value);
    assert.ok(!checked.ok);
    assert.equal(checked.problems[0]?.path, path);
    assert.match(checked.problems[0]?.message ?? '', /: .+/);
  });
}

test('a null member of MsgContent counts as absent and stays where it was', () => {
  const body = one('TIMCustomElem', { Data: 'x', Desc: null, Mine: null });
  const checked = checkMsgBody(body);
  assert.ok(checked.ok);
  assert.deepEqual(checked.value, one('TIMCustomElem', { Data: 'x', Desc: null, Mine: null }));
});

test('100 levels of nesting pass, more are refused', () => {
  const nested = (levels: number) => {
    let value: unknown = 1;
    for (let i = 0; i < levels; i++) value = [value];
    return one('TIMTextElem', { Text: 'x', Mine: value });
  };
  assert.equal(checkMsgBody(nested(98)).ok, true);
  assert.equal(checkMsgBody(nested(99)).ok, false);
  assert.equal(checkMsgBody(nested(20_000)).ok, false);
});

test('any JSON is judged without throwing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(MSG_ELEMENTS)), fc.jsonValue(), (type, content) => {
      const checked = checkMsgBody(one(type, content));
      assert.equal(checked.ok, !('problems' in checked));
    }),
  );
});
