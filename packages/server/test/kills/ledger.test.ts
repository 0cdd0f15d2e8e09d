import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ledger } from './ledger.ts';

const message = (msgSeq: number, random = msgSeq * 10, group = 'g') => ({ group, msgSeq, random });

function ledgerWith(...seqs: number[]): Ledger {
  const ledger = new Ledger(1_000);
  for (const seq of seqs) {
    ledger.acknowledge(message(seq));
    ledger.arrive(message(seq), seq);
  }
  return ledger;
}

test('what is acknowledged, arrives once and in order breaks nothing', () => {
  const ledger = ledgerWith(1, 2, 3);
  ledger.close();
  assert.deepEqual(ledger.broken, []);
  assert.equal(ledger.repeats, 0);
});

test('a repeat after a kill is counted; without a kill, or long before it, it is a breach', () => {
  const ledger = ledgerWith(1, 2);
  ledger.fault(500)(500);
  ledger.arrive(message(2), 600);
  assert.deepEqual([ledger.broken, ledger.repeats, ledger.longestRepeatMs], [[], 1, 498]);
  ledger.arrive(message(2), 700);
  assert.match(ledger.broken.join(), /g\/2 came again though no process died since/);
  const late = ledgerWith(1);
  late.fault(5_000)(5_000);
  late.arrive(message(1), 5_001);
  assert.match(late.broken.join(), /g\/1 came again, and had arrived 4999 ms before the kill/);
});

const breaches: [string, (ledger: Ledger) => void, RegExp][] = [
  ['a lost message', (ledger) => ledger.acknowledge(message(2)), /g\/2 was acknowledged and never arrived/],
  ['a gap', (ledger) => ledger.arrive(message(3), 9), /g\/3 arrived before g\/2/],
  ['another message', (ledger) => ledger.acknowledge(message(1, 7)), /Random 10 and again for 7/],
  ['a copy', (ledger) => ledger.arrive(message(2, 10), 9), /Random 10 is the message g\/1 and g\/2/],
];

for (const [name, breach, says] of breaches) {
  test(`${name} is a breach`, () => {
    const ledger = ledgerWith(1);
    breach(ledger);
    ledger.close();
    assert.match(ledger.broken.join(), says);
  });
}
