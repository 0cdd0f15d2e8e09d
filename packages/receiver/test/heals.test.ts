import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acknowledged, readStandardAnswer } from '@confab-im/protocol';
import fc from 'fast-check';
import { type ChainState, type ChainStore, createReceiver, type Receiver } from '../src/index.ts';
import { ManualClock } from './support/manual-clock.ts';
import { APP } from './support/requests.ts';
import { batchBody, messageBody, SHARED, standardRequest } from './support/standard.ts';

/** What the receiver has on disk: a backup is a copy of it. */
interface Database {
  applied: readonly number[];
  chains: ReadonlyMap<string, ChainState>;
}

const chainStoreIn = (database: Database): ChainStore => ({
  read: (key) => database.chains.get(key),
  update: (key, change) => {
    database.chains = new Map(database.chains).set(key, change(database.chains.get(key)));
  },
});

/** An app backend as the README shows it: apply what is next, drop what is known, ask for what is missing. */
function backend(database: Database, fails: () => boolean): Receiver {
  return createReceiver({
    sdkAppId: APP,
    signingKeys: SHARED,
    clock: new ManualClock(),
    dedupe: false,
    chain: chainStoreIn(database),
    on: {
      'group.message.sent': ({ msgSeq }, { chain }) => {
        if (chain?.kind === 'gap' || chain?.kind === 'joined') {
          return { appliedThrough: chain.missing.after };
        }
        if (fails()) throw new Error('as told');
        if (chain?.kind === 'next') database.applied = [...database.applied, msgSeq];
        return undefined;
      },
    },
  });
}

/** A sender as simple as can be: a cursor, moved as the answer says. */
async function deliver(receiver: Receiver, cursor: number, head: number, size: number): Promise<number> {
  const last = Math.min(head, cursor + size);
  const seqs = Array.from({ length: last - cursor }, (_, index) => cursor + 1 + index);
  const body = size === 1 ? messageBody(last) : batchBody(...seqs);
  const { status, headers, body: text } = await receiver.handle(await standardRequest(body));
  const verdict = acknowledged(readStandardAnswer(status, headers, text), { first: cursor + 1, last });
  if (verdict.kind === 'all') return last;
  return verdict.kind === 'none' ? cursor : verdict.through;
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('deliver' as const), size: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant('lose answer' as const), size: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant('skip' as const), by: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constantFrom('fail' as const, 'back up' as const, 'restore' as const) }),
);

test('property: whatever fails, is lost, overtaken or restored from a backup, in the end each event is applied once, in order', async () => {
  const HEAD = 20;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const database: Database = { applied: [], chains: new Map() };
      let backup: Database = { ...database };
      let failures = 0;
      const receiver = backend(database, () => failures-- > 0);
      let cursor = 0;
      for (const next of steps) {
        if (next.kind === 'back up') backup = { ...database };
        else if (next.kind === 'restore') Object.assign(database, backup);
        else if (next.kind === 'fail') failures = 1;
        else if (next.kind === 'skip') cursor = Math.min(HEAD - 1, cursor + next.by);
        else if ('size' in next && cursor < HEAD - 1) {
          const moved = await deliver(receiver, cursor, HEAD - 1, next.size);
          if (next.kind === 'deliver') cursor = moved;
        }
      }
      failures = 0;
      for (let tries = 0; cursor < HEAD; tries++) {
        assert.ok(tries < 3 * HEAD, 'the lane does not move');
        cursor = await deliver(receiver, cursor, HEAD, 1);
      }
      assert.deepEqual(
        database.applied,
        Array.from({ length: HEAD }, (_, index) => index + 1),
      );
    }),
    { numRuns: 100 },
  );
});
