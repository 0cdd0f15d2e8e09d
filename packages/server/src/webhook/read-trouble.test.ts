import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LaneEvent, LaneEvents } from '../store/lanes.ts';
import { readTrouble } from './read-trouble.ts';

const event = { seq: 4, id: 'x-1-4' } as LaneEvent;
const read = (some: Partial<LaneEvents>): LaneEvents => ({
  ...{ endpointId: 1, streamId: 7, events: [], scannedThrough: 4, atHead: false },
  ...some,
});

test('what is known and placed is worked on', () => {
  assert.equal(readTrouble(read({}), true), undefined);
  assert.equal(readTrouble(read({ events: [event] }), false), undefined);
});

test('an event without its place in the chain waits, where the chain is told', () => {
  assert.match(readTrouble(read({ events: [event] }), true) ?? '', /another dialect/);
});

test('what lies before an event of an unknown kind is worked on; the event itself waits, and it is said why', () => {
  const unknown = { seq: 5, kind: 'group.moon.landed' };
  assert.equal(readTrouble(read({ events: [event], unknown }), false), undefined);
  assert.match(
    readTrouble(read({ unknown }), false) ?? '',
    /event 5 of stream 7 .* does not know \(group\.moon\.landed\).*upgrade this process/,
  );
});
