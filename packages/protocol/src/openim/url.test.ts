import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OPENIM_AFTER_SEND_GROUP as AFTER } from './after-send-group.ts';
import { OPENIM_BEFORE_SEND_GROUP } from './before-send-group.ts';
import { buildOpenImUrl, openImHeaders, parseOpenImUrl } from './url.ts';

const facts = { sender: 'alice', groupId: 'g1001' };
/** The example of openim A.1. */
const KEY = 'eyJzZW5kSUQiOiJhbGljZSIsInJlY3ZJRCI6IiIsImdyb3VwSUQiOiJnMTAwMSJ9';

test('each revision has its query', () => {
  const build = (revision: 'page' | '3.8' | 'main') => buildOpenImUrl('http://h/cb', AFTER, facts, revision);
  assert.equal(build('page'), `http://h/cb/${AFTER}?contenttype=json`);
  assert.equal(build('3.8'), `http://h/cb/${AFTER}`);
  assert.equal(build('main'), `http://h/cb/${AFTER}?key=${KEY}`);
});

test('the key goes with the webhooks after a message only', () => {
  const url = buildOpenImUrl('http://h/cb', OPENIM_BEFORE_SEND_GROUP, facts, 'main');
  assert.equal(url, `http://h/cb/${OPENIM_BEFORE_SEND_GROUP}`);
});

test('padding, plus and slash of the key are percent-encoded, and ids escaped as Go does', () => {
  const url = buildOpenImUrl('http://h', AFTER, { sender: '<a>', groupId: 'ä?~o' }, 'main');
  assert.match(url, /^http:\/\/h\/callback[A-Za-z]+\?key=[A-Za-z0-9%]+$/);
  const packed = decodeURIComponent(url.slice(url.indexOf('=') + 1));
  assert.match(atob(packed), /"sendID":"\\u003ca\\u003e"/);
  assert.deepEqual(parseOpenImUrl(url).key, { sendID: '<a>', recvID: '', groupID: 'ä?~o' });
});

test('a slash at the end and a query of the configured URL keep working', () => {
  assert.equal(buildOpenImUrl('http://h/cb/', 'cmd', facts, '3.8'), 'http://h/cb/cmd');
  assert.equal(buildOpenImUrl('http://h?s=1', 'cmd', facts, 'page'), 'http://h/cmd?s=1&contenttype=json');
  assert.equal(
    buildOpenImUrl('http://h/cb/?s=1#f', AFTER, facts, 'main'),
    `http://h/cb/${AFTER}?s=1&key=${KEY}`,
  );
});

test('the command is the last segment; a key that is none is left out', () => {
  const command = AFTER;
  assert.deepEqual(parseOpenImUrl(`/cb/${command}`), { command });
  assert.deepEqual(parseOpenImUrl(`https://h/cb/${command}?contenttype=json`), { command });
  for (const key of ['', '!', 'QQ==', 'e30=', 'bnVsbA==']) {
    assert.deepEqual(parseOpenImUrl(`/${command}?key=${key}`), { command }, key);
  }
  assert.deepEqual(parseOpenImUrl('http://h'), {});
});

test('property: the key comes back, percent-encoded or with a bare plus', () => {
  const id = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(id, id, (sender, groupId) => {
      const url = buildOpenImUrl('http://h/cb', AFTER, { sender, groupId }, 'main');
      const expected = { command: AFTER, key: { sendID: sender, recvID: '', groupID: groupId } };
      assert.deepEqual(parseOpenImUrl(url), expected);
      assert.deepEqual(parseOpenImUrl(url.replaceAll('%2B', '+')), expected);
    }),
  );
});

test('headers carry the operation id', () => {
  assert.deepEqual(openImHeaders({ operationID: 'op-7f21' }), {
    'Content-Type': 'application/json; charset=utf-8',
    Operationid: 'op-7f21',
  });
});
