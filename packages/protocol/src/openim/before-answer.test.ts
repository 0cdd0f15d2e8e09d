import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FACTS } from '../../test/support/facts.ts';
import { OPENIM_OK } from './answer.ts';
import {
  openImBeforeAnswer,
  openImModifyAnswer,
  readOpenImBeforeAnswer,
  readOpenImModifyAnswer,
} from './before-answer.ts';
import { encodeOpenImContent } from './content.ts';
import { openImContentOf } from './encode-message.ts';

const SENT = openImContentOf({ msgBodyJson: '[{"MsgContent":{"Text":"a<b"},"MsgType":"TIMTextElem"}]' });
const modify = (fields: object) => readOpenImModifyAnswer(JSON.stringify(fields), SENT);
const UNCHANGED = { kind: 'allow', rewrite: {} };

test('before sending: only actionCode 0 with nextCode 1 refuses', () => {
  for (const text of ['{}', OPENIM_OK, '{"actionCode":1,"nextCode":1}', '{"content":"{}"}']) {
    assert.deepEqual(readOpenImBeforeAnswer(text), UNCHANGED, text);
  }
  const refusal = { kind: 'refuse', errorCode: 5001, errorInfo: 'quiet' } as const;
  assert.deepEqual(readOpenImBeforeAnswer(openImBeforeAnswer(refusal)), refusal);
  assert.deepEqual(readOpenImBeforeAnswer(openImBeforeAnswer({ kind: 'allow', rewrite: {} })), UNCHANGED);
  for (const text of ['', 'ok', '[]', '{"nextCode":"1"}']) {
    assert.equal(readOpenImBeforeAnswer(text).kind, 'malformed', text);
  }
});

test('the modify step may refuse too', () => {
  assert.deepEqual(modify({ nextCode: 1, errCode: 5001, errMsg: 'no', content: '{"content":"x"}' }), {
    kind: 'refuse',
    errorCode: 5001,
    errorInfo: 'no',
  });
});

test('content, kind, custom data and mentions are replaced', () => {
  assert.deepEqual(modify({ content: '{"content":"a*b"}', ex: 'c', atUserIDList: ['AtAllTag', 'jon'] }), {
    kind: 'allow',
    rewrite: {
      msgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'a*b' } }],
      cloudCustomData: 'c',
      at: [{ all: true }, { all: false, userId: 'jon' }],
    },
  });
  assert.deepEqual(modify({ contentType: 110, content: '{"data":"d"}' }), {
    kind: 'allow',
    rewrite: { msgBody: [{ MsgType: 'TIMCustomElem', MsgContent: { Data: 'd' } }] },
  });
});

test('absent and null change nothing, empty values replace', () => {
  assert.deepEqual(modify({}), UNCHANGED);
  assert.deepEqual(modify({ content: null, contentType: null, ex: null, atUserIDList: null }), UNCHANGED);
  assert.deepEqual(modify({ ex: '', atUserIDList: [] }), {
    kind: 'allow',
    rewrite: { cloudCustomData: '', at: [] },
  });
});

test('content that comes back the same, however it is written, changes nothing', () => {
  assert.match(SENT.content, /a\\u003cb/);
  assert.deepEqual(modify({ content: SENT.content, contentType: SENT.contentType }), UNCHANGED);
  assert.deepEqual(modify({ content: '{ "content": "a<b" }' }), UNCHANGED);
});

test('what is no affair of the receiver is ignored', () => {
  const others = { groupID: 'other', sendID: 'x', serverMsgID: 's', status: 4, options: { history: false } };
  assert.deepEqual(modify({ ...others, offlinePushInfo: { title: 't' }, msgDataList: 'AA==' }), UNCHANGED);
});

test('content that is no JSON object, and fields of the wrong type, are malformed', () => {
  for (const fields of [{ content: 'plain' }, { content: '[]' }, { content: 7 }, { atUserIDList: 'jon' }]) {
    const read = modify(fields);
    assert.ok(read.kind === 'malformed' && read.why.includes(OPENIM_OK), JSON.stringify(fields));
  }
});

test('what is written is read back', () => {
  const content = encodeOpenImContent('[{"MsgContent":{"Text":"x"},"MsgType":"TIMTextElem"}]', []);
  const at = [{ all: true }, { all: false, userId: 'jon' }];
  const text = openImModifyAnswer({ content, cloudCustomData: 'c', at });
  assert.deepEqual(readOpenImModifyAnswer(text, openImContentOf(FACTS)), {
    kind: 'allow',
    rewrite: { msgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'x' } }], cloudCustomData: 'c', at },
  });
  assert.deepEqual(readOpenImModifyAnswer(openImModifyAnswer({}), SENT), UNCHANGED);
});
