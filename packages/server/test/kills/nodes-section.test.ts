import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NODES_PLACE, nodesOf, nodesSection, withNodes } from './nodes-section.ts';

const RUN = {
  faults: {
    'node killed, and taken over': 3,
    'node killed': 2,
    'node paused': 2,
    'node stopped in order': 2,
    'database killed': 2,
    'database restarted': 1,
  },
  acknowledged: 1_234,
  arrived: 1_240,
  repeats: 7,
  mostRepeats: 4,
  longestRepeatMs: 61,
  takeOvers: [6_400, 6_100, 7_060],
  broken: [],
};

test('the part on several nodes is written between its marks and read again from there', () => {
  const text = nodesSection(RUN, 9);
  const page = withNodes(`# Proof\n\n${NODES_PLACE}\n\nend\n`, text);
  assert.equal(nodesOf(page), text);
  assert.equal(withNodes(page, text), page);
  assert.match(text, /--faults 12 --seed 9/);
  assert.match(text, /median *\| 6\.4 s/);
  assert.match(text, /at most *\| 7\.1 s/);
  assert.match(nodesOf(`${NODES_PLACE}`), /Not run yet/);
  assert.throws(() => withNodes('# Proof', text), /no "<!-- nodes -->"/);
});
