import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LaneEvent, LaneEvents, LaneRow } from '../store/lanes.ts';
import { Lane, type LaneEntry } from './lane.ts';

const NOW = 1_000_000;
const KEY = { endpointId: 1, streamId: 2 };
const ROW: LaneRow = { ...KEY, cursor: 0, acked: [], retries: [], dueAt: 0 };

function event(seq: number, replayId?: number): LaneEvent {
  const facts = {} as LaneEvent['facts'];
  return { seq, id: `i-2-${seq}`, app: 1, time: 0, facts, ...(replayId === undefined ? {} : { replayId }) };
}

function found(seqs: readonly number[], atHead = true, scannedThrough = seqs.at(-1) ?? 0): LaneEvents {
  return { ...KEY, events: seqs.map((seq) => event(seq)), scannedThrough, atHead };
}

/** A lane that has read these events. */
function laneWith(
  seqs: readonly number[],
  order: 'group' | 'none' = 'group',
  row: Partial<LaneRow> = {},
): Lane {
  const lane = new Lane({ ...ROW, ...row }, order);
  lane.reading();
  lane.read(found(seqs));
  return lane;
}

function startable(lane: Lane, now = NOW): LaneEntry {
  const pick = lane.pick(now);
  assert.equal(pick.kind, 'start');
  return pick.kind === 'start' ? pick.entry : assert.fail();
}

function start(lane: Lane, now = NOW): LaneEntry {
  const entry = startable(lane, now);
  lane.start(entry, now);
  return entry;
}

function deliver(lane: Lane): number {
  const entry = start(lane);
  lane.delivered(entry, NOW, NOW + 5);
  return entry.event.seq;
}

test('it reads, delivers in order, and is idle at the end of the log', () => {
  const lane = new Lane({ ...ROW, cursor: 4 }, 'group');
  assert.deepEqual(lane.pick(NOW), { kind: 'read', after: 4 });
  lane.reading();
  assert.deepEqual(lane.pick(NOW), { kind: 'busy' });
  lane.read(found([5, 7]));
  assert.equal(deliver(lane), 5);
  const second = start(lane);
  assert.deepEqual(lane.pick(NOW), { kind: 'busy' });
  assert.equal(lane.inFlight, true);
  lane.delivered(second, NOW + 10, NOW + 20);
  assert.deepEqual(lane.pick(NOW), { kind: 'idle' });
  assert.deepEqual(lane.checkpoint(NOW), {
    ...ROW,
    cursor: 7,
    dueAt: NOW,
    idle: true,
    replayedThrough: 0,
    delivered: { fromSeq: 5, throughSeq: 7, count: 2, firstAt: NOW, lastAt: NOW + 20 },
  });
  assert.equal(lane.checkpoint(NOW).delivered, undefined, 'told once');
});

test('the cursor passes what was looked at and did not match', () => {
  const lane = new Lane(ROW, 'group');
  lane.reading();
  lane.read(found([], false, 512));
  assert.deepEqual(lane.pick(NOW), { kind: 'read', after: 512 });
  assert.equal(lane.checkpoint(NOW).cursor, 512);
  assert.equal(lane.checkpoint(NOW).idle, false);
});

test('a hint at any moment leads to one more read', () => {
  const lane = new Lane(ROW, 'group');
  lane.reading();
  lane.hint();
  lane.read(found([]));
  assert.equal(lane.pick(NOW).kind, 'read');
  lane.reading();
  lane.read(found([1]));
  const entry = start(lane);
  lane.hint();
  lane.delivered(entry, NOW, NOW);
  assert.equal(lane.checkpoint(NOW).idle, false);
  assert.deepEqual(lane.pick(NOW), { kind: 'read', after: 1 });
});

test('the next event of the log is taken from its hint; any other is read', () => {
  const lane = new Lane({ ...ROW, cursor: 4 }, 'group', true);
  lane.hint(event(5));
  lane.hint(event(6));
  assert.deepEqual([deliver(lane), deliver(lane)], [5, 6]);
  assert.equal(lane.pick(NOW).kind, 'idle');
  lane.hint(event(8));
  assert.deepEqual(lane.pick(NOW), { kind: 'read', after: 6 }, 'what 7 was, the log knows');
  lane.reading();
  lane.hint(event(9));
  lane.read(found([8, 9]));
  assert.deepEqual([deliver(lane), deliver(lane)], [8, 9]);
  assert.deepEqual(lane.pick(NOW), { kind: 'read', after: 9 }, 'the hint came while a read was under way');
});

test('a lane takes no more from hints than it would read ahead', () => {
  const lane = new Lane(ROW, 'group', true);
  for (let seq = 1; seq <= 40; seq += 1) lane.hint(event(seq));
  for (let seq = 1; seq <= 32; seq += 1) assert.equal(deliver(lane), seq);
  assert.deepEqual(lane.pick(NOW), { kind: 'read', after: 32 });
});

test('a hint during a replay is read after it', () => {
  const lane = new Lane({ ...ROW, cursor: 2 }, 'group');
  lane.reading();
  lane.read({ ...KEY, events: [event(1, 7)], scannedThrough: 2, atHead: true });
  lane.hint(event(3));
  deliver(lane);
  lane.checkpoint(NOW);
  lane.checkpointed(false);
  assert.deepEqual(lane.pick(NOW), { kind: 'read', after: 2 });
});

test('a lane that the store kept does not read again what came with a hint since', () => {
  const lane = laneWith([]);
  assert.equal(lane.checkpoint(NOW).idle, true);
  lane.hint(event(1));
  lane.checkpointed(true);
  deliver(lane);
  assert.equal(lane.pick(NOW).kind, 'idle');
  lane.checkpoint(NOW);
  lane.checkpointed(true);
  assert.equal(lane.pick(NOW).kind, 'read');
});

test('a read that failed is done again', () => {
  const lane = new Lane(ROW, 'group');
  lane.reading();
  lane.readFailed();
  assert.deepEqual(lane.pick(NOW), { kind: 'read', after: 0 });
});

test('a lane that the store kept reads again', () => {
  const lane = laneWith([]);
  assert.equal(lane.pick(NOW).kind, 'idle');
  lane.checkpointed(true);
  assert.equal(lane.pick(NOW).kind, 'read');
});

test('a failed head waits for its time and holds what follows', () => {
  const lane = laneWith([1, 2]);
  const entry = start(lane);
  lane.retryLater(entry, 1, NOW + 500);
  assert.deepEqual(lane.pick(NOW), { kind: 'wait', until: NOW + 500 });
  const progress = lane.checkpoint(NOW + 1);
  assert.deepEqual(progress.retries, [{ seq: 1, attempts: 1, firstAttemptAt: NOW, dueAt: NOW + 500 }]);
  assert.deepEqual([progress.cursor, progress.dueAt, progress.idle], [0, NOW + 500, false]);
  const again = start(lane, NOW + 500);
  assert.deepEqual([again.event.seq, again.attempts, again.firstAttemptAt], [1, 1, NOW]);
  lane.delivered(again, NOW, NOW);
  assert.equal(deliver(lane), 2);
  assert.equal(lane.checkpoint(NOW).cursor, 2);
});

test('after a dead letter nothing goes on before it stands in the store; with order none it does', () => {
  const lane = laneWith([1, 2]);
  lane.buried(start(lane));
  assert.deepEqual(lane.pick(NOW), { kind: 'busy' });
  lane.checkpointed(false);
  assert.deepEqual(lane.pick(NOW), { kind: 'busy' }, 'that checkpoint was from before');
  assert.equal(lane.checkpoint(NOW).cursor, 1);
  assert.deepEqual(lane.pick(NOW), { kind: 'busy' });
  lane.checkpointed(false);
  assert.equal(deliver(lane), 2);

  const free = laneWith([1, 2], 'none');
  free.buried(start(free));
  assert.equal(deliver(free), 2);
});

test('what a row says about earlier failures comes back with its event', () => {
  const retry = { seq: 1, attempts: 4, firstAttemptAt: 77, dueAt: NOW + 9 };
  const lane = new Lane({ ...ROW, retries: [retry] }, 'group');
  assert.deepEqual(lane.checkpoint(NOW).retries, [retry], 'not lost before the first read');
  lane.reading();
  lane.read(found([1]));
  assert.deepEqual(lane.pick(NOW), { kind: 'wait', until: NOW + 9 });
  assert.deepEqual(lane.checkpoint(NOW).retries, [retry]);
  const entry = start(lane, NOW + 9);
  assert.deepEqual([entry.attempts, entry.firstAttemptAt], [4, 77]);
});

test('an attempt that was cut short may be started again at once', () => {
  const lane = laneWith([1]);
  lane.giveBack(start(lane));
  assert.equal(deliver(lane), 1);
});

test('an outcome for something that is not in flight is an error', () => {
  const lane = laneWith([1, 2]);
  const entry = start(lane);
  assert.throws(() => lane.start(entry, NOW), /lane 1\/2: event 1 is not ready or waiting/);
  lane.delivered(entry, NOW, NOW);
  assert.throws(() => lane.delivered(entry, NOW, NOW), /lane 1\/2: event 1 is not inFlight/);
});

test('a lane that has to go is written with its time, and never as idle', () => {
  const lane = laneWith([1]);
  lane.evictAt = NOW + 60_000;
  const progress = lane.checkpoint(NOW);
  assert.deepEqual([progress.dueAt, progress.idle, lane.letGo], [NOW + 60_000, false, true]);
});

test('order none: settled out of order, the cursor stands at the lowest that is not', () => {
  const lane = laneWith([1, 2, 3, 5], 'none');
  const [first, second, third, fifth] = [start(lane), start(lane), start(lane), start(lane)];
  lane.delivered(third, NOW, NOW);
  lane.delivered(second, NOW, NOW);
  assert.deepEqual([lane.checkpoint(NOW).cursor, lane.checkpoint(NOW).acked.toSorted()], [0, [2, 3]]);
  lane.retryLater(first, 1, NOW + 10);
  assert.deepEqual(lane.pick(NOW), { kind: 'busy', until: NOW + 10 });
  lane.delivered(fifth, NOW, NOW);
  assert.deepEqual(lane.checkpoint(NOW).acked.toSorted(), [2, 3, 5]);
  lane.delivered(start(lane, NOW + 10), NOW, NOW);
  const progress = lane.checkpoint(NOW);
  assert.deepEqual([progress.cursor, progress.acked, progress.idle], [5, [], true]);
});

test('order none: what a row says is acknowledged is not sent again', () => {
  const lane = laneWith([1, 2, 3, 4], 'none', { acked: [2, 4] });
  assert.deepEqual([deliver(lane), deliver(lane)], [1, 3]);
  const progress = lane.checkpoint(NOW);
  assert.deepEqual([progress.cursor, progress.acked, progress.idle], [4, [], true]);
});

test('order none: no more than 64 are open', () => {
  const seqs = Array.from({ length: 96 }, (_, index) => index + 1);
  const lane = laneWith(seqs, 'none');
  for (let count = 0; count < 64; count += 1) start(lane);
  assert.equal(lane.pick(NOW).kind, 'busy');
});

for (const order of ['group', 'none'] as const) {
  test(`a replay's page goes before more is read, and its progress is told (order ${order})`, () => {
    const lane = new Lane({ ...ROW, cursor: 9 }, order);
    lane.reading();
    const events = [event(3, 7), event(4, 7), event(6, 7)];
    lane.read({ ...KEY, events, scannedThrough: 9, atHead: false });
    const first = start(lane);
    assert.equal(lane.checkpoint(NOW).replayedThrough, 2);
    lane.delivered(first, NOW, NOW);
    const progress = lane.checkpoint(NOW);
    assert.deepEqual([progress.replayId, progress.replayedThrough, progress.cursor], [7, 3, 9]);
    assert.equal(progress.delivered, undefined, 'a replay is no first delivery');
    lane.checkpointed(false);
    deliver(lane);
    deliver(lane);
    assert.deepEqual(lane.pick(NOW), { kind: 'busy' }, 'the store has to know before the next page is read');
    assert.equal(lane.checkpoint(NOW).replayedThrough, 6);
    lane.checkpointed(false);
    assert.deepEqual(lane.pick(NOW), { kind: 'read', after: 9 });
  });
}

test('order none: a replay goes one at a time beside what is open, so that its one number tells all of it', () => {
  const lane = laneWith([10, 11], 'none', { cursor: 9 });
  const open = [start(lane), start(lane)];
  lane.hint();
  lane.reading();
  lane.read({ ...KEY, events: [event(3, 7), event(4, 7), event(6, 7)], scannedThrough: 11, atHead: false });
  const third = start(lane);
  assert.equal(third.event.seq, 3);
  assert.deepEqual(lane.pick(NOW), { kind: 'busy' });
  lane.retryLater(third, 1, NOW + 10);
  assert.deepEqual(lane.pick(NOW), { kind: 'busy', until: NOW + 10 }, 'nor past one that failed');
  for (const entry of open) lane.delivered(entry, NOW, NOW);
  lane.delivered(start(lane, NOW + 10), NOW, NOW);
  assert.equal(lane.checkpoint(NOW).replayedThrough, 3);
  lane.delivered(start(lane), NOW, NOW);
  assert.equal(lane.checkpoint(NOW).replayedThrough, 5, 'up to the next one');
});

/** A lane with its log, its row in the store, and what has been settled. */
class Model {
  readonly order: 'group' | 'none';
  readonly head: number;
  settled = new Set<number>();
  lane: Lane;
  #flying: LaneEntry[] = [];
  #row: LaneRow = ROW;
  #durable = new Set<number>();

  constructor(order: 'group' | 'none', head: number) {
    this.order = order;
    this.head = head;
    this.lane = new Lane(ROW, order);
  }

  /** Starts whatever may be started; false when nothing may. */
  start(): boolean {
    const pick = this.lane.pick(NOW);
    if (pick.kind === 'read') {
      this.lane.reading();
      const left = Array.from({ length: this.head }, (_, index) => index + 1).filter(
        (seq) => seq > pick.after,
      );
      const page = left.slice(0, 8);
      this.lane.read(found(page, left.length <= 8, page.at(-1) ?? pick.after));
      return this.start();
    }
    if (pick.kind !== 'start') return false;
    const { seq } = pick.entry.event;
    assert.ok(!this.settled.has(seq), 'settled events do not start again');
    if (this.order === 'group') assert.equal(seq, this.settled.size + 1);
    this.lane.start(pick.entry, NOW);
    this.#flying.push(pick.entry);
    return true;
  }

  end(how: 'deliver' | 'bury' | 'retry', choice: number): boolean {
    const [entry] = this.#flying.splice(choice % Math.max(this.#flying.length, 1), 1);
    if (entry === undefined) return false;
    if (how === 'retry') this.lane.retryLater(entry, entry.attempts + 1, NOW);
    else {
      if (how === 'deliver') this.lane.delivered(entry, NOW, NOW);
      else this.lane.buried(entry);
      this.settled.add(entry.event.seq);
    }
    return true;
  }

  checkpoint(): void {
    this.#row = this.lane.checkpoint(NOW);
    this.#durable = new Set(this.settled);
    this.lane.checkpointed(false);
  }

  restart(): void {
    this.lane = new Lane(structuredClone(this.#row), this.order);
    this.#flying = [];
    this.settled = new Set(this.#durable);
  }
}

test('property: a lane built from any checkpoint goes on with exactly what was not settled', () => {
  const act = fc.constantFrom('start', 'deliver', 'bury', 'retry', 'checkpoint', 'restart');
  const acts = fc.array(fc.tuple(act, fc.nat(10)), { maxLength: 120 });
  const order = fc.constantFrom('group' as const, 'none' as const);
  fc.assert(
    fc.property(order, fc.nat(40), acts, (ordered, head, given) => {
      const model = new Model(ordered, head);
      for (const [what, choice] of given) {
        if (what === 'start' || what === 'checkpoint' || what === 'restart') model[what]();
        else model.end(what, choice);
      }
      model.checkpoint();
      while (model.end('deliver', 0) || model.start()) model.checkpoint();
      assert.equal(model.settled.size, head);
      const end = model.lane.checkpoint(NOW);
      assert.deepEqual([end.cursor, end.acked, end.retries, end.idle], [head, [], [], true]);
    }),
    { numRuns: 500 },
  );
});

test('a skipped event is followed by its tombstone alone, once its dead letter stands, also by the lane that is made next', () => {
  const lane = laneWith([5, 6]);
  const entry = start(lane);
  lane.entomb(entry, 'why');
  assert.deepEqual(lane.pick(NOW), { kind: 'busy' });
  const { retries, cursor } = lane.checkpoint(NOW);
  assert.deepEqual(retries, [{ seq: 5, attempts: 0, firstAttemptAt: 0, dueAt: 0, tombstone: 'why' }]);
  assert.equal(cursor, 4);
  lane.checkpointed(false);
  for (const made of [lane, laneWith([5, 6], 'group', { cursor, retries })]) {
    const { event: tombstone } = start(made);
    assert.deepEqual([tombstone.seq, tombstone.id, tombstone.tombstone], [5, 'i-2-5-skipped', 'why']);
  }
});

test('a lane at a tombstone for all that has been trimmed begins where the tombstone begins', () => {
  const lane = new Lane({ ...ROW, cursor: 2 }, 'group');
  lane.reading();
  const trimmed = {
    ...event(5),
    link: { streamId: KEY.streamId, prev: 2 },
    tombstone: 'trimmed',
    trimmedBehind: 2,
  };
  lane.read({ ...KEY, events: [trimmed, event(6)], scannedThrough: 6, atHead: true });
  lane.retryLater(start(lane), 1, NOW + 60_000);
  assert.equal(lane.checkpoint(NOW).cursor, 2);
});

test('the replay of a dead letter is the event itself, also while its tombstone waits, which stays for its turn', () => {
  const retries = [
    { seq: 5, attempts: 0, firstAttemptAt: 0, dueAt: 0, tombstone: 'why' },
    { seq: 5, attempts: 1, firstAttemptAt: NOW, dueAt: NOW },
  ];
  const lane = new Lane({ ...ROW, cursor: 4, retries }, 'group');
  lane.reading();
  lane.read({ ...KEY, events: [event(5, 7)], scannedThrough: 4, atHead: false });
  const replayed = start(lane);
  assert.equal(replayed.event.tombstone, undefined);
  lane.delivered(replayed, NOW, NOW);
  assert.deepEqual(lane.checkpoint(NOW).retries, retries.slice(0, 1));
  lane.checkpointed(false);
  lane.reading();
  lane.read(found([5]));
  assert.equal(start(lane).event.tombstone, 'why');
});

test('a replayed event that is given up holds what follows until its dead letter stands, also with order none', () => {
  const lane = new Lane(ROW, 'none');
  lane.reading();
  lane.read({ ...KEY, events: [event(1, 7), event(2, 7)], scannedThrough: 2, atHead: true });
  lane.buried(start(lane));
  assert.deepEqual(lane.pick(NOW), { kind: 'busy' });
  lane.checkpoint(NOW);
  lane.checkpointed(false);
  assert.equal(deliver(lane), 2);
});

test('a position ahead does not forget what was tried, nor what is only a tombstone any more, beyond it', () => {
  const retries = [
    { seq: 5, attempts: 2, firstAttemptAt: 7, dueAt: NOW },
    { seq: 6, attempts: 0, firstAttemptAt: 0, dueAt: 0, tombstone: 'why' },
  ];
  const lane = laneWith([3, 4, 5, 6], 'group', { cursor: 2, retries });
  assert.equal(deliver(lane), 3);
  lane.passOver(4, NOW, 'g');
  lane.reading();
  lane.read({ ...found([5, 6]), followed: true });
  const tried = start(lane);
  assert.deepEqual([tried.event.seq, tried.attempts, tried.firstAttemptAt], [5, 2, 7]);
  lane.delivered(tried, NOW, NOW);
  assert.equal(start(lane).event.tombstone, 'why');
});

test('a lane set back sends again all that its receiver has lost, also what was settled out of order before', () => {
  const lane = laneWith([4, 5, 6], 'group', { cursor: 3, acked: [5] });
  const asked = start(lane);
  assert.equal(asked.event.seq, 4);
  lane.retryLater(asked, 1, NOW);
  lane.setBack(startable(lane, NOW), 1, NOW);
  lane.reading();
  lane.read(found([2, 3, 4, 5, 6]));
  assert.deepEqual(lane.checkpoint(NOW).acked, []);
  assert.deepEqual(
    [2, 3, 4, 5, 6].map(() => deliver(lane)),
    [2, 3, 4, 5, 6],
  );
});

test('a position behind brings its event at once, and no position brings another before it is due', () => {
  const retries = [
    { seq: 3, attempts: 1, firstAttemptAt: 7, dueAt: NOW },
    { seq: 5, attempts: 0, firstAttemptAt: 7, dueAt: NOW + 2_000 },
  ];
  const lane = laneWith([3, 5], 'group', { cursor: 2, retries });
  lane.retryLater(start(lane), 2, NOW + 60_000);
  lane.setBack(startable(lane, NOW + 60_000), 2, NOW);
  lane.reading();
  lane.read(found([3, 5]));
  assert.equal(deliver(lane), 3);
  lane.passOver(4, NOW, 'g');
  lane.reading();
  lane.read({ ...found([5]), followed: true });
  assert.deepEqual(lane.pick(NOW), { kind: 'wait', until: NOW + 2_000 });
});

test('a lane that was set back stays where its receiver stands until something is settled: what is next may be trimmed yet', () => {
  const lane = laneWith([4], 'group', { cursor: 3 });
  lane.retryLater(start(lane), 1, NOW);
  lane.setBack(startable(lane), 0, NOW);
  lane.reading();
  lane.read(found([2, 3, 4]));
  assert.equal(lane.checkpoint(NOW).cursor, 0);
  assert.equal(deliver(lane), 2);
  assert.equal(lane.checkpoint(NOW).cursor, 2);
});
