import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import type { Arrival } from '../src/arrival.ts';
import { openInbox } from '../src/inbox.ts';
import { renderStats } from '../src/render.ts';
import { collectStats, type StatsOptions } from '../src/stats.ts';
import { arrival, clockAt, NOW_MS } from './support/arrivals.ts';

async function statsOf(arrivals: readonly Arrival[], options: StatsOptions = {}) {
  const inbox = openInbox(':memory:', { clock: clockAt() });
  await Promise.all(arrivals.map((message) => inbox.record(message)));
  const stats = collectStats(inbox, options);
  inbox.close();
  return stats;
}

const at = (iso: string) => ({ msgTime: Date.parse(iso) / 1000 });

test('messages and distinct senders are counted per group, sender and type', async () => {
  const stats = await statsOf([
    arrival({ groupId: 'a', sender: 'alice', types: ['TIMTextElem'] }),
    arrival({ groupId: 'a', sender: 'bruno', types: ['TIMImageElem', 'TIMTextElem'] }),
    arrival({ groupId: 'a', sender: 'alice', types: [] }),
    arrival({ groupId: 'b', sender: 'alice', onlineOnly: true, msgSeq: 0 }),
    arrival({ groupId: 'a', sender: 'alice', app: 2 }),
  ]);
  const app = 1_400_000_042;
  assert.deepEqual(stats.totals, {
    ...{ messages: 5, senders: 3, groups: 3, duplicates: 0, onlineOnly: 1 },
    ...{ firstAt: NOW_MS, lastAt: NOW_MS },
  });
  assert.deepEqual(stats.groups, [
    { app, groupId: 'a', messages: 3, senders: 2 },
    { app: 2, groupId: 'a', messages: 1, senders: 1 },
    { app, groupId: 'b', messages: 1, senders: 1 },
  ]);
  assert.deepEqual(stats.senders, [
    { app, sender: 'alice', messages: 3, groups: 2 },
    { app: 2, sender: 'alice', messages: 1, groups: 1 },
    { app, sender: 'bruno', messages: 1, groups: 1 },
  ]);
  assert.deepEqual(stats.types, [
    { type: 'TIMTextElem', messages: 4 },
    { type: 'TIMImageElem', messages: 1 },
  ]);
});

test('days and hours follow the time zone', async () => {
  const messages = [
    arrival(at('2025-06-30T21:59:59Z')),
    arrival({ ...at('2025-06-30T22:00:00Z'), sender: 'bruno' }),
    arrival(at('2025-06-30T22:30:00Z')),
    arrival({ msgTime: 9e14 }),
  ];
  const utc = await statsOf(messages);
  assert.deepEqual(utc.days, [
    { day: 'beyond the calendar', messages: 1, senders: 1 },
    { day: '2025-06-30', messages: 3, senders: 2 },
  ]);
  const berlin = await statsOf(messages.slice(0, 3), { tz: 'Europe/Berlin' });
  assert.deepEqual(berlin.days, [
    { day: '2025-07-01', messages: 2, senders: 2 },
    { day: '2025-06-30', messages: 1, senders: 1 },
  ]);
  assert.deepEqual(
    berlin.hours.map(({ hour, messages }) => [hour, messages]),
    [
      ['2025-07-01 00:00', 2],
      ['2025-06-30 23:00', 1],
    ],
  );
});

test('the delay is nearest-rank over messages with a time of their own', async () => {
  const { eventTime: _, ...untimed } = arrival();
  const timed = Array.from({ length: 100 }, (_, i) => arrival({ eventTime: NOW_MS - i - 1 }));
  const { delay } = await statsOf([...timed, untimed, arrival({ eventTime: 0, replay: true })]);
  assert.deepEqual(delay, { samples: 100, p50Ms: 50, p99Ms: 99, maxMs: 100 });
  assert.deepEqual((await statsOf([untimed])).delay, { samples: 0 });
});

test('an empty inbox has statistics too', async () => {
  const stats = await statsOf([]);
  assert.deepEqual(stats.totals, { messages: 0, senders: 0, groups: 0, duplicates: 0, onlineOnly: 0 });
  assert.equal(renderStats(stats), 'Nothing recorded yet.\n');
});

test('lists are cut at the limit, holes and totals still count all', async () => {
  const messages = Array.from({ length: 20 }, (_, i) => arrival({ groupId: `g${i % 4}`, msgSeq: 1 + i * 2 }));
  const stats = await statsOf(messages, { limit: 2 });
  assert.equal(stats.groups.length, 2);
  assert.equal(stats.totals.groups, 4);
  assert.equal(stats.holes.list.length, 2);
  assert.equal(stats.holes.count, 16);
  assert.equal(stats.holes.missing, 16 * 7);
});

test('the same messages in any order, with any repeats, give the same statistics and holes', async () => {
  const message = fc.record({
    app: fc.constantFrom(1, 2),
    groupId: fc.constantFrom('a', 'b'),
    topicId: fc.constantFrom('', 't'),
    sender: fc.constantFrom('alice', 'bruno', 'chen'),
    msgSeq: fc.integer({ min: 0, max: 12 }),
    msgTime: fc.integer({ min: 1_700_000_000, max: 1_700_200_000 }),
    types: fc.subarray(['TIMTextElem', 'TIMImageElem', 'TIMCustomElem']),
  });
  const pair = fc
    .uniqueArray(message, { maxLength: 25, selector: (one) => JSON.stringify(one) })
    .map((messages) => messages.map((one, i) => arrival({ ...one, key: `m${i}` })))
    .chain((messages) =>
      fc.tuple(
        fc.constant(messages),
        fc.array(fc.nat(Math.max(0, messages.length - 1)), { maxLength: messages.length ? 20 : 0 }),
        fc.shuffledSubarray(messages, { minLength: messages.length }),
      ),
    );
  await fc.assert(
    fc.asyncProperty(pair, async ([messages, repeats, shuffled]) => {
      const copies = repeats.flatMap((i) => messages[i] ?? []);
      const once = await statsOf(messages);
      const again = await statsOf([...copies, ...shuffled]);
      assert.equal(again.totals.duplicates, repeats.length);
      assert.deepEqual({ ...again, totals: { ...again.totals, duplicates: 0 } }, once);
      const numbered = new Set(messages.filter(({ msgSeq }) => msgSeq > 0).map(streamNumber));
      assert.equal(once.holes.missing, missingIn(numbered));
    }),
    { numRuns: 60 },
  );
});

const streamNumber = ({ app, groupId, topicId, msgSeq }: Arrival) => `${app}/${groupId}/${topicId}/${msgSeq}`;

/** Holes counted the plain way: for each stream, what lacks between its lowest and its highest number. */
function missingIn(numbered: ReadonlySet<string>): number {
  const streams = new Map<string, number[]>();
  for (const name of numbered) {
    const cut = name.lastIndexOf('/');
    const seqs = streams.get(name.slice(0, cut)) ?? [];
    seqs.push(Number(name.slice(cut + 1)));
    streams.set(name.slice(0, cut), seqs);
  }
  return [...streams.values()].reduce(
    (sum, seqs) => sum + Math.max(...seqs) - Math.min(...seqs) + 1 - seqs.length,
    0,
  );
}

test('statistics are drawn as tables that line up, colourless unless asked', async () => {
  const messages = [
    ...Array.from({ length: 12 }, (_, i) =>
      arrival({ groupId: 'team', sender: i % 3 ? 'alice' : '陈', msgSeq: i + 1 }),
    ),
    arrival({ groupId: '\x1b[2Jevil', msgSeq: 1 }),
    arrival({ groupId: '\x1b[2Jevil', msgSeq: 4 }),
  ];
  const stats = await statsOf(messages, { tz: 'Asia/Shanghai' });
  const text = renderStats(stats);
  assert.ok(!text.includes('\x1b'));
  assert.match(text, /^14 messages from 2 senders in 2 groups, 0 duplicates dropped\n/);
  assert.match(text, /recorded 2025-01-01 08:00:00 to 2025-01-01 08:00:00 \(Asia\/Shanghai\)/);
  assert.match(text, /^team {12}12 {8}2 {2}█{24}$/m);
  assert.match(text, /^1 unexplained hole in MsgSeq, 2 numbers missing$/m);
  assert.match(text, /2–3$/m);
  assert.match(renderStats(stats, { rows: 1 }), /… and 1 more/);
  const coloured = renderStats(stats, { color: true });
  assert.ok(coloured.includes('\x1b[1m'));
  assert.equal(stripVTControlCharacters(coloured), text);
});
