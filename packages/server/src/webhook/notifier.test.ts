import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../test/support/manual-clock.ts';
import type { Notice } from '../store/cluster.ts';
import { Notifier } from './notifier.ts';

interface Scene {
  readonly clock: ManualClock;
  readonly notifier: Notifier;
  readonly told: Notice[];
  /** What becomes of the notice that is under way. */
  end(error?: Error): Promise<void>;
}

function scene(hasOthers = true): Scene {
  const clock = new ManualClock();
  const told: Notice[] = [];
  let ending = Promise.withResolvers<void>();
  const notifier = new Notifier({
    clock,
    holdings: { owns: (streamId) => streamId % 2 === 0 },
    hasOthers: () => hasOthers,
    tell(notice) {
      told.push(notice);
      ending = Promise.withResolvers();
      return ending.promise;
    },
  });
  const end = async (error?: Error) => {
    if (error === undefined) ending.resolve();
    else ending.reject(error);
    await new Promise((resolve) => void setImmediate(resolve));
  };
  return { clock, notifier, told, end };
}

const hint = (streamId: number, endpointId = 1) => ({ streamId, behind: [endpointId], fresh: [], cursor: 0 });

test('lanes of others are told once for all commits of 20 ms; own lanes are not', async () => {
  const { clock, notifier, told } = scene();
  notifier.committed([hint(1), hint(2)]);
  clock.advance(19);
  notifier.committed([hint(1, 2), { streamId: 3, behind: [], fresh: [7], cursor: 0 }]);
  assert.deepEqual(told, []);
  clock.advance(1);
  const lanes = [
    { streamId: 1, endpoints: [1, 2] },
    { streamId: 3, endpoints: [7] },
  ];
  assert.deepEqual(told, [{ kind: 'lanes', lanes }]);
});

test('while a notice is under way the next one gathers; one that fails is not repeated', async () => {
  const { clock, notifier, told, end } = scene();
  notifier.committed([hint(1)]);
  clock.advance(20);
  notifier.committed([hint(3)]);
  clock.advance(1_000);
  assert.equal(told.length, 1);
  await end(new Error('the database is away'));
  clock.advance(20);
  assert.deepEqual(told[1], { kind: 'lanes', lanes: [{ streamId: 3, endpoints: [1] }] });
});

test('too many lanes to name, and nobody to tell', async () => {
  const { clock, notifier, told } = scene();
  for (let streamId = 1; streamId < 5_000; streamId += 2) notifier.committed([hint(streamId)]);
  clock.advance(20);
  assert.deepEqual(told, [{ kind: 'all-lanes' }]);
  const alone = scene(false);
  alone.notifier.committed([hint(1)]);
  alone.clock.advance(20);
  assert.deepEqual(alone.told, []);
});
