import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type Harness, startRest } from '../support/rest-harness.ts';

const HOUR_MS = 3_600_000;
const text = (Text: string) => [{ MsgType: 'TIMTextElem', MsgContent: { Text } }];
const GET_HISTORY = 'open_msg_svc/get_history';

let rest: Harness;
let random = 0;

before(async () => {
  rest = await startRest({ rules: { groupMessagesPerSecond: 0 } });
  await rest.call('im_open_login_svc/multiaccount_import', { Accounts: ['u1'] });
  for (const GroupId of ['a', 'b', 'idle'])
    await rest.call('create_group', { Type: 'Public', Name: 'n', GroupId });
});
after(() => rest[Symbol.asyncDispose]());

const send = (GroupId: string, words: string) =>
  rest.call('send_group_msg', { GroupId, From_Account: 'u1', Random: ++random, MsgBody: text(words) });

interface Listed {
  readonly URL: string;
  readonly ExpireTime: string;
  readonly FileSize: number;
  readonly FileMD5: string;
  readonly GzipSize: number;
  readonly GzipMD5: string;
}

async function list(MsgTime: string, from = rest): Promise<readonly Listed[]> {
  const answer = await from.call(GET_HISTORY, { ChatType: 'Group', MsgTime });
  assert.equal(answer.ErrorCode, 0, answer.ErrorInfo);
  return answer.File as readonly Listed[];
}

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

async function download({ URL: url, FileSize, FileMD5, GzipSize, GzipMD5 }: Listed) {
  const response = await fetch(url);
  assert.equal(response.status, 200, url);
  assert.equal(response.headers.get('content-type'), 'application/gzip');
  const bytes = new Uint8Array(await response.arrayBuffer());
  assert.deepEqual([bytes.length, md5(bytes)], [GzipSize, GzipMD5]);
  const plain = gunzipSync(bytes);
  assert.deepEqual([plain.length, md5(plain)], [FileSize, FileMD5]);
  return JSON.parse(plain.toString('utf8')) as {
    readonly MsgTime: string;
    readonly MsgList: readonly {
      readonly GroupId: string;
      readonly MsgSeq: number;
      readonly MsgBody: object;
    }[];
  };
}

test('an hour is a file of what was sent in it, once it is over', async () => {
  await send('a', 'one');
  await send('b', 'two');
  rest.clock.jump(HOUR_MS - 1);
  await send('a', 'three');
  assert.equal((await rest.call(GET_HISTORY, { ChatType: 'Group', MsgTime: '2025010100' })).ErrorCode, 1004);
  rest.clock.jump(1);
  await send('a', 'next hour');
  const [file, ...more] = await list('2025010100');
  assert.ok(file);
  assert.equal(more.length, 0);
  assert.equal(file.ExpireTime, '2025-01-02 01:00:00');
  assert.ok(file.URL.startsWith(`http://127.0.0.1:${rest.port}/archive/1400000001/2025010100.gz?`), file.URL);
  const { MsgTime, MsgList } = await download(file);
  assert.equal(MsgTime, '2025010100');
  const shown = MsgList.map(({ GroupId, MsgSeq, MsgBody }) => [GroupId, MsgSeq, MsgBody]);
  assert.deepEqual(shown, [
    ['a', 1, text('one')],
    ['a', 2, text('three')],
    ['b', 1, text('two')],
  ]);
});

test('many messages are several files, each of about a megabyte, none missing and none twice', async () => {
  const hour = '2025010101';
  const words = 'x'.repeat(9_000);
  for (let batch = 0; batch < 10; batch++) {
    await Promise.all(
      Array.from({ length: 25 }, (_, i) => send(i % 3 === 0 ? 'b' : 'a', `${batch} ${i} ${words}`)),
    );
  }
  rest.clock.jump(HOUR_MS);
  const files = await list(hour);
  assert.equal(files.length, 3);
  assert.ok(files.every(({ FileSize }) => FileSize < 1_048_576 + 20_000));
  const seen: string[] = [];
  for (const file of files) {
    const { MsgList } = await download(file);
    seen.push(...MsgList.map(({ GroupId, MsgSeq }) => `${GroupId} ${MsgSeq}`));
  }
  assert.equal(seen.length, 251);
  assert.equal(new Set(seen).size, 251);
});

test('an address works until it expires, for what it says alone, and another process makes the same file of it', async () => {
  const [file] = await list('2025010100');
  assert.ok(file);
  const url = new URL(file.URL);
  await using other = await startRest({ store: rest.store });
  const elsewhere = await fetch(`http://127.0.0.1:${other.port}${url.pathname}${url.search}`);
  assert.equal(md5(new Uint8Array(await elsewhere.arrayBuffer())), file.GzipMD5);
  for (const [name, value] of [
    ['from', '1-1'],
    ['expires', '9999999999'],
    ['signature', 'AAAA'],
    ['signature', ''],
  ] as const) {
    const forged = new URL(url);
    forged.searchParams.set(name, value);
    assert.equal((await fetch(forged)).status, 403, name);
  }
  const otherHour = new URL(url);
  otherHour.pathname = otherHour.pathname.replace('2025010100', '2025010101');
  assert.equal((await fetch(otherHour)).status, 403);
  const otherApp = new URL(url);
  otherApp.pathname = otherApp.pathname.replace('1400000001', '1400000002');
  assert.equal((await fetch(otherApp)).status, 403);
  assert.equal((await fetch(url, { method: 'POST' })).status, 405);
  rest.clock.jump(86_400_000);
  assert.equal((await fetch(url)).status, 410);
});
