import assert from 'node:assert/strict';
import { test } from 'node:test';
import { archiveHour, archiveLine, archiveText, archiveTime } from './archive.ts';

test('an hour is one of the calendar, in UTC', () => {
  assert.deepEqual(archiveHour(7, '2025010100'), {
    app: 7,
    name: '2025010100',
    from: 1_735_689_600_000,
    to: 1_735_693_200_000,
  });
  for (const name of ['2025023000', '2025010124', '2025130100', '20250101', '2025010100 ', '']) {
    assert.equal(archiveHour(7, name), undefined, name);
  }
  assert.equal(archiveTime(1_735_693_199_999), '2025-01-01 00:59:59');
});

test('a file is JSON as a whole, with a message on each line', () => {
  const hour = archiveHour(7, '2025010100');
  assert.ok(hour);
  const body = '[{"MsgType":"TIMTextElem","MsgContent":{"Text":"a\\nb"}}]';
  const line = (msgSeq: number) =>
    archiveLine({ groupId: 'g"', sender: 'u', time: 1_735_689_600_999, msgSeq, msgBodyJson: body });
  const text = archiveText(hour, [line(1), line(2)]);
  assert.deepEqual(JSON.parse(text), {
    SdkAppId: 7,
    ChatType: 'Group',
    MsgTime: '2025010100',
    MsgList: [1, 2].map((MsgSeq) => ({
      From_Account: 'u',
      GroupId: 'g"',
      MsgTimestamp: 1_735_689_600,
      MsgSeq,
      MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'a\nb' } }],
    })),
  });
  const lines = text.trimEnd().split('\n');
  assert.equal(lines[0], '{"SdkAppId":7,"ChatType":"Group","MsgTime":"2025010100","MsgList":[');
  assert.deepEqual([lines.length, lines[1]?.at(-1), lines[2]?.at(-1), lines[3]], [4, ',', '}', ']}']);
});
