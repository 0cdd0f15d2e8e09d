import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import {
  buildOpenImUrl,
  buildTencentUrl,
  canonicalJson,
  encodeOpenImAfterSend,
  encodeStandardBatch,
  encodeStandardMessage,
  encodeTencentAfterSend,
  type GroupMessageFacts,
  importSigningKeys,
  OPENIM_AFTER_SEND_GROUP,
  OPENIM_OK,
  signStandard,
  TENCENT_AFTER_SEND,
  TENCENT_OK,
  tencentSign,
} from '@confab-im/protocol';
import { type Recorder, type RecorderOptions, startRecorder } from '../src/start-recorder.ts';
import { NOW_MS } from './support/arrivals.ts';
import { tempFile } from './support/temp-file.ts';

const APP = 1_400_000_042;

function facts(msgSeq: number, over: Partial<GroupMessageFacts> = {}): GroupMessageFacts {
  return {
    ...{
      groupId: '@TGS#2QW7H5K3M',
      groupType: 'Public',
      sender: 'alice',
      operator: 'alice',
      random: 7,
      msgSeq,
    },
    ...{ msgTime: NOW_MS / 1000, eventTime: NOW_MS - 25, onlineOnly: false },
    msgBodyJson: canonicalJson([{ MsgType: 'TIMTextElem', MsgContent: { Text: `message ${msgSeq}` } }]),
    ...{
      serverMsgID: `server-${msgSeq}`,
      clientMsgID: `client-${msgSeq}`,
      operationID: 'op',
      senderNickname: '',
    },
    ...{ senderFaceUrl: '', clientIp: '203.0.113.7', platform: 'Web' },
    ...over,
  };
}

const clock = { now: () => NOW_MS, setTimer: () => ({ cancel: () => {} }) };

async function withRecorder(
  options: Partial<RecorderOptions>,
  body: (recorder: Recorder, file: string) => Promise<void>,
): Promise<void> {
  const file = options.file ?? tempFile();
  const listen = { host: '127.0.0.1', port: 0 };
  const recorder = await startRecorder({ listen, sdkAppId: APP, clock, ...options, file });
  try {
    await body(recorder, file);
  } finally {
    await recorder.close();
  }
}

async function post(url: string, body: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, { method: 'POST', body });
  return { status: answer.status, text: await answer.text() };
}

function postTencent(recorder: Recorder, message: GroupMessageFacts, sdkAppId = APP, signed = {}) {
  const { clientIp, platform } = message;
  const parts = { sdkAppId, command: TENCENT_AFTER_SEND, clientIp, platform, ...signed };
  return post(buildTencentUrl(`${recorder.url}/im`, parts), encodeTencentAfterSend(message, 'G5'));
}

test('messages of both dialects are recorded once each, and told of once', async () => {
  const told: unknown[] = [];
  const options: Partial<RecorderOptions> = {
    onRecorded: (event, info) => {
      told.push([event.msgSeq, info.delayMs, info.delivery.dialect, info.opened]);
      throw new Error('a listener in trouble');
    },
  };
  await withRecorder(options, async (recorder) => {
    for (const seq of [1, 2, 2, 5]) {
      assert.deepEqual(await postTencent(recorder, facts(seq)), { status: 200, text: TENCENT_OK });
    }
    const other = facts(9, { groupId: 'g2' });
    const url = buildOpenImUrl(`${recorder.url}/im`, OPENIM_AFTER_SEND_GROUP, other, 'main');
    assert.deepEqual(await post(url, encodeOpenImAfterSend(other, 'main')), { status: 200, text: OPENIM_OK });
    const stats = await recorder.stats();
    assert.equal(stats.totals.messages, 4);
    assert.equal(stats.totals.duplicates, 1);
    assert.equal(stats.totals.groups, 2);
    assert.deepEqual(recorder.requests(), {
      ...{ recorded: 4, duplicates: 1, ignored: 0, failed: 0, late: 0, refused: {} },
    });
  });
  assert.deepEqual(told.slice(0, 3), [
    [1, 25, 'tencent', undefined],
    [2, 25, 'tencent', undefined],
    [5, 25, 'tencent', { first: 3, last: 4 }],
  ]);
  assert.equal(told.length, 4);
});

test('a load of parallel messages with repeats is recorded completely', async () => {
  await withRecorder({}, async (recorder) => {
    const seqs = Array.from({ length: 300 }, (_, i) => 1 + ((i * 7) % 200));
    const answers = await Promise.all(seqs.map((seq) => postTencent(recorder, facts(seq))));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    const { totals, holes } = await recorder.stats();
    assert.deepEqual([totals.messages, totals.duplicates, holes.count], [200, 100, 0]);
  });
});

test('refused requests change nothing, are counted and told of', async () => {
  const token = 'orchid-river-42';
  const problems: string[] = [];
  const options = {
    authToken: token,
    onProblem: ({ code = '' }: { code?: string }) => void problems.push(code),
  };
  await withRecorder(options, async (recorder) => {
    const requestTime = NOW_MS / 1000;
    const good = { requestTime, sign: await tencentSign(token, requestTime) };
    const stale = { requestTime: requestTime - 61, sign: await tencentSign(token, requestTime - 61) };
    const bad = { requestTime, sign: await tencentSign('guess', requestTime) };
    for (const [app, signed] of [
      [APP, {}],
      [APP, stale],
      [APP, bad],
      [7, good],
    ] as const) {
      assert.equal((await postTencent(recorder, facts(1), app, signed)).status, 403);
    }
    const truncated = buildTencentUrl(recorder.url, {
      ...{ sdkAppId: APP, command: TENCENT_AFTER_SEND, clientIp: '', platform: 'Web', ...good },
    });
    assert.equal((await post(truncated, encodeTencentAfterSend(facts(1), 'G5').slice(0, 99))).status, 400);
    assert.equal(
      (await postTencent(recorder, facts(1), APP, { ...good, command: 'Group.CallbackBeforeSendMsg' }))
        .status,
      400,
    );
    assert.equal((await recorder.stats()).totals.messages, 0);
    assert.equal((await postTencent(recorder, facts(1), APP, good)).status, 200);
    assert.equal((await recorder.stats()).totals.messages, 1);
  });
  assert.deepEqual(problems, [
    'unsigned',
    'stale',
    'bad-signature',
    'wrong-app',
    'not-json',
    'wrong-command',
  ]);
});

test('what cannot be written is answered 500, and the retry is recorded', async () => {
  const problems: string[] = [];
  await withRecorder({ onProblem: ({ why }) => void problems.push(why) }, async (recorder, file) => {
    const other = new DatabaseSync(file);
    other.exec('BEGIN EXCLUSIVE');
    assert.equal((await postTencent(recorder, facts(1))).status, 500);
    other.exec('ROLLBACK');
    other.close();
    assert.equal((await postTencent(recorder, facts(1))).status, 200);
    assert.equal((await recorder.stats()).totals.messages, 1);
  });
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? '', /locked by another program/);
});

test('pages show text, JSON and JSON Lines', async () => {
  await withRecorder({}, async (recorder) => {
    for (const seq of [1, 2, 2]) await postTencent(recorder, facts(seq));
    const page = await (await fetch(`${recorder.url}/?tz=Europe/Berlin`)).text();
    assert.match(page, /^2 messages from 1 sender in 1 group, 1 duplicate dropped\n/);
    assert.match(page, /Day \(Europe\/Berlin\)/);
    assert.match(page, /Requests since the start: 1 duplicates dropped\./);
    const stats = JSON.parse(await (await fetch(`${recorder.url}/stats`)).text());
    assert.equal(stats.totals.messages, 2);
    assert.equal(stats.requests.recorded, 2);
    const lines = (await (await fetch(`${recorder.url}/export`)).text()).trim().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).body.MsgSeq),
      [1, 2],
    );
    assert.equal((await fetch(`${recorder.url}/stats?tz=Mars/Olympus`)).status, 400);
    assert.equal((await fetch(`${recorder.url}/secrets`)).status, 404);
    assert.equal((await fetch(recorder.url, { method: 'DELETE' })).status, 405);
  });
});

test('pages are not shown to a name that merely points here', async () => {
  await withRecorder({}, async (recorder) => {
    const status = await new Promise((resolve, reject) => {
      const headers = { host: 'rebound.example.com' };
      httpRequest(`${recorder.url}/export`, { headers, agent: false }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode));
      })
        .on('error', reject)
        .end();
    });
    assert.equal(status, 403);
  });
});

test('a second start goes on in the same file; close may be called twice', async () => {
  const file = tempFile();
  for (const expected of [1, 2]) {
    await withRecorder({ file }, async (recorder) => {
      await postTencent(recorder, facts(1));
      await postTencent(recorder, facts(expected));
      assert.equal((await recorder.stats()).totals.messages, expected);
      await recorder.close();
    });
  }
});

test('a port in use and wrong options are named, and the file is let go', async () => {
  await withRecorder({}, async (recorder) => {
    const port = Number(new URL(recorder.url).port);
    const second = tempFile();
    await assert.rejects(
      withRecorder({ file: second, listen: { host: '127.0.0.1', port } }, async () => {}),
      /another program listens/,
    );
    await assert.rejects(
      withRecorder({ sdkAppId: -1, file: second }, async () => {}),
      /sdkAppId/,
    );
    await assert.rejects(
      withRecorder({ file: second, listen: { host: '203.0.113.9', port: 0 } }, async () => {}),
      /no such address/,
    );
  });
});

test('each event of a signed batch is recorded with its own envelope', async () => {
  const key = `whsec_${'A'.repeat(43)}=`;
  await withRecorder(
    { signingKeys: [key], dialects: ['standard'], sdkAppId: undefined },
    async (recorder) => {
      const entries = [1, 2, 3].map((seq) => {
        const place = {
          id: `i-2-${seq}`,
          endpoint: 'inbox',
          app: APP,
          stream: 2,
          seq,
          prev: seq - 1,
          replay: false,
        };
        return { lane: place, body: encodeStandardMessage({ ...facts(seq), ...place }) };
      });
      const [id, timestamp, body] = ['i-2-1-batch-3', NOW_MS / 1000, encodeStandardBatch(entries)];
      const signature = await signStandard({ id, timestamp, body, keys: await importSigningKeys([key]) });
      const headers = {
        'confab-endpoint': 'inbox',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signature,
      };
      const answer = await fetch(recorder.url, { method: 'POST', headers, body });
      assert.deepEqual([answer.status, answer.headers.get('confab-applied-through')], [200, '3']);
      const lines = (await (await fetch(`${recorder.url}/export`)).text()).trim().split('\n');
      const recorded = lines.map((line) => JSON.parse(line));
      assert.deepEqual(
        recorded.map((line) => [line.app, JSON.stringify(line.body)]),
        entries.map((entry) => [APP, entry.body]),
      );
    },
  );
});
