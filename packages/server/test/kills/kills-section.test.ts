import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KILLS_PLACE, killsOf, killsSection, withKills } from './kills-section.ts';

const RUN = {
  kills: { 'under load': 2, 'before BEGIN': 1, 'before COMMIT': 1, 'after COMMIT': 1 },
  acknowledged: 1234,
  arrived: 1240,
  repeats: 7,
  longestRepeatMs: 61,
  broken: ['g/1 was acknowledged and never arrived'],
};

test('the part on kills is written between its marks and read again from there', () => {
  const text = killsSection(RUN, 9);
  const page = withKills(`# Proof\n\n${KILLS_PLACE}\n\nend\n`, text);
  assert.equal(killsOf(page), text);
  assert.equal(withKills(page, text), page);
  assert.match(text, /--kills 5 --seed 9/);
  assert.match(text, /1,234/);
  assert.match(text, /without a kill *\| 1/);
  assert.match(killsOf('# Proof'), /Not run yet/);
  assert.throws(() => withKills('# Proof', text), /no "<!-- kills -->"/);
});
