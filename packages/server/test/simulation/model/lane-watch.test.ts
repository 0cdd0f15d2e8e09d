import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LaneWatch } from './lane-watch.ts';

const [FENCED, OWNER] = [1, 2];

/** The receiver applied 2 and 3, sent by the process that lost the store, and told it that it has 4 as well. */
function laneWithClaim(): LaneWatch {
  const lane = new LaneWatch('lane', () => true);
  for (const seq of [2, 3, 4, 5, 6]) lane.committed(seq, true);
  for (const seq of [2, 3]) assert.equal(processed(lane, seq, seq - 1, FENCED), undefined);
  lane.claims.heard(FENCED, 3, 4);
  return lane;
}

function processed(lane: LaneWatch, seq: number, after: number, generation: number): string | undefined {
  return lane.processed({ tenure: generation }, { seq, prev: seq - 1, tombstone: false }, after, true)?.rule;
}

describe('what a receiver claimed to have', () => {
  test('the process that heard it may leave out', () => {
    assert.equal(processed(laneWithClaim(), 5, 4, FENCED), undefined);
  });

  test('a process that did not hear it may not', () => {
    assert.equal(processed(laneWithClaim(), 5, 4, OWNER), 'receiver-order');
  });

  test('the process that heard it may not go beyond it', () => {
    assert.equal(processed(laneWithClaim(), 6, 5, FENCED), 'receiver-order');
  });

  test('the process that begins it all the same may not leave it out any more', () => {
    const lane = laneWithClaim();
    lane.claims.begun(FENCED, 4);
    assert.equal(processed(lane, 5, 4, FENCED), 'receiver-order');
  });

  test('no process passes it for the others', () => {
    const lane = laneWithClaim();
    assert.equal(processed(lane, 5, 4, FENCED), undefined);
    assert.equal(processed(lane, 6, 5, OWNER), 'receiver-order');
  });
});
