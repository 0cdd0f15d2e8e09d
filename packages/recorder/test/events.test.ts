/** What happens to groups besides messages. */
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import {
  buildTencentUrl,
  encodeTencentChange,
  type GroupChange,
  TENCENT_OK,
  tencentCommand,
} from '@confab-im/protocol';
import { exportEventLines } from '../src/export.ts';
import { openInbox } from '../src/inbox.ts';
import type { Note } from '../src/note.ts';
import { renderStats } from '../src/render.ts';
import { startRecorder } from '../src/start-recorder.ts';
import { collectStats } from '../src/stats.ts';
import { arrival, clockAt, NOW_MS } from './support/arrivals.ts';
import { tempFile } from './support/temp-file.ts';

const APP = 1_400_000_042;
const PLACE = {
  ...{ groupId: '@TGS#2QW7H5K3M', groupType: 'Public', eventTime: NOW_MS - 25 },
  msgSeq: 0 as const,
  ...{ clientIp: '203.0.113.7', platform: 'RESTAPI', operationID: 'op-1' },
};
const JOINED: GroupChange<'group.members.joined'> = {
  ...PLACE,
  ...{ kind: 'group.members.joined', operator: 'alice', joinType: 'Invited', members: ['bruno'] },
};

const note = (over: Partial<Note> = {}): Note => ({
  ...{ app: APP, dialect: 'tencent', kind: 'group.members.joined', groupId: 'g', replay: false },
  ...{ body: '{"CallbackCommand":"x"}', ...over },
});

test('an event is recorded once where it has a key, and each time where it has none', async () => {
  const inbox = openInbox(':memory:', { clock: clockAt() });
  const [first, copy] = await Promise.all([inbox.note(note({ key: 'k' })), inbox.note(note({ key: 'k' }))]);
  assert.deepEqual(first, { id: 1, duplicate: false, recordedAt: NOW_MS });
  assert.equal(copy.duplicate, true);
  await Promise.all([inbox.note(note()), inbox.note(note())]);
  assert.deepEqual(collectStats(inbox).events, [{ kind: 'group.members.joined', events: 3 }]);
  await assert.rejects(inbox.note(note({ eventTime: 1e300 })), /eventTime of an event/);
  inbox.close();
});

test('messages and events of one turn are on disk together, or none of them', async () => {
  const inbox = openInbox(':memory:');
  const broken = Object.assign(note(), { groupId: null });
  const all = [inbox.record(arrival()), inbox.note(note()), inbox.note(broken)];
  assert.deepEqual(
    (await Promise.allSettled(all)).map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
  assert.equal(
    inbox.db.prepare('SELECT (SELECT count(*) FROM message) + count(*) AS n FROM event').get()?.n,
    0,
  );
  inbox.close();
});

test('the export has them in lines of their own, the statistics in a table', async () => {
  const inbox = openInbox(':memory:', { clock: clockAt() });
  assert.match(renderStats(collectStats(inbox)), /^Nothing recorded yet\.\n$/);
  await inbox.note(note({ key: 'k', eventTime: NOW_MS, deliveryId: 'd', body: '{\n "a": 1\n}' }));
  await inbox.note(note({ kind: 'group.full' }));
  const lines = [...exportEventLines(inbox)].map((line) => JSON.parse(line));
  const at = '2025-01-01T00:00:00.000Z';
  assert.deepEqual(lines, [
    {
      ...{ id: 1, recordedAt: at, key: 'k', app: APP, dialect: 'tencent', kind: 'group.members.joined' },
      ...{ groupId: 'g', eventTime: at, deliveryId: 'd', duplicates: 0, body: { a: 1 } },
    },
    {
      ...{ id: 2, recordedAt: at, app: APP, dialect: 'tencent', kind: 'group.full', groupId: 'g' },
      ...{ duplicates: 0, body: { CallbackCommand: 'x' } },
    },
  ]);
  const text = stripVTControlCharacters(renderStats(collectStats(inbox)));
  assert.match(text, /^No message recorded yet\.\n\nOther events +count\ngroup\.full +1/);
  inbox.close();
});

test('an inbox of a version that kept messages alone is brought up to date', async () => {
  const file = tempFile();
  const inbox = openInbox(file);
  await inbox.record(arrival());
  inbox.close();
  const db = new DatabaseSync(file);
  db.exec('DROP TABLE event; PRAGMA user_version = 1');
  db.close();
  assert.throws(() => openInbox(file, { readOnly: true }), /of an older version/);
  const again = openInbox(file);
  await again.note(note());
  assert.deepEqual([collectStats(again).totals.messages, collectStats(again).events.length], [1, 1]);
  again.close();
});

test('a recorder takes them from the wire, tells of them and shows them', async () => {
  const told: unknown[] = [];
  const recorder = await startRecorder({
    ...{ listen: { host: '127.0.0.1', port: 0 }, file: tempFile(), sdkAppId: APP },
    onEvent: (event, { delivery, recordedAt }) => {
      told.push([event.kind, delivery.command, recordedAt > NOW_MS]);
      throw new Error('a listener in trouble');
    },
  });
  try {
    const command = tencentCommand(JOINED.kind);
    const url = buildTencentUrl(recorder.url, {
      ...{ sdkAppId: APP, command, clientIp: '203.0.113.7', platform: 'RESTAPI' },
    });
    const body = encodeTencentChange(JOINED, 'G5');
    const post = async (headers: Record<string, string>) => {
      const answer = await fetch(url, { method: 'POST', body, headers });
      return [answer.status, await answer.text()];
    };
    assert.deepEqual(await post({ 'webhook-id': 'i-1-7' }), [200, TENCENT_OK]);
    assert.deepEqual(await post({ 'webhook-id': 'i-1-7' }), [200, TENCENT_OK]);
    assert.deepEqual(told, [['group.members.joined', command, true]]);
    const { recorded, duplicates, ignored } = recorder.requests();
    assert.deepEqual([recorded, duplicates, ignored], [1, 1, 0]);
    const lines = await (await fetch(`${recorder.url}/export/events`)).text();
    assert.deepEqual(JSON.parse(lines).body, JSON.parse(body));
    assert.equal(await (await fetch(`${recorder.url}/export`)).text(), '');
  } finally {
    await recorder.close();
  }
});
