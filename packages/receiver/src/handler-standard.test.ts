import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POSITION_HEADER, STANDARD_OK } from '@confab-im/protocol';
import { ManualClock } from '../test/support/manual-clock.ts';
import { APP, tencentRequest } from '../test/support/requests.ts';
import { batchBody, messageBody, SHARED, standardRequest, tombstoneBody } from '../test/support/standard.ts';
import { type ChainVerdict, memoryChains } from './chain.ts';
import { createReceiver, type ReceiverOptions } from './handler.ts';
import type { Outcome, PlainResponse } from './outcome.ts';

function receiverWith(extra: Partial<ReceiverOptions> = {}) {
  const clock = new ManualClock();
  const outcomes: string[] = [];
  const handled: number[] = [];
  const chains: (ChainVerdict['kind'] | undefined)[] = [];
  const receiver = createReceiver({
    sdkAppId: APP,
    signingKeys: SHARED,
    on: {
      'group.message.sent': ({ msgSeq }, { chain }) => {
        handled.push(msgSeq);
        chains.push(chain?.kind);
      },
    },
    clock,
    observe: ({ kind }: Outcome) => outcomes.push(kind),
    ...extra,
  });
  const post = async (body: string) => receiver.handle(await standardRequest(body));
  return { receiver, clock, outcomes, handled, chains, post };
}

const positionOf = ({ headers }: PlainResponse) => headers[POSITION_HEADER];

test('a message is handled with what its place says, and answered without a position', async () => {
  const { post, handled, chains } = receiverWith();
  const answer = await post(messageBody(1));
  assert.deepEqual([answer.status, answer.body, positionOf(answer)], [200, STANDARD_OK, undefined]);
  for (const seq of [2, 5, 4, 3, 6]) await post(messageBody(seq));
  assert.deepEqual(handled, [1, 2, 5, 4, 3, 6]);
  assert.deepEqual(chains, ['next', 'next', 'gap', 'reorder', 'reorder', 'next']);
});

test('without a memory of keys a copy reaches the handler as a repeat', async () => {
  const { post, chains } = receiverWith({ dedupe: false });
  for (const seq of [1, 1, 2, 1]) await post(messageBody(seq));
  assert.deepEqual(chains, ['next', 'repeat', 'next', 'repeat']);
});

test('each endpoint and stream has a chain of its own', async () => {
  const { post, chains } = receiverWith();
  await post(messageBody(1));
  await post(messageBody(1, { id: 'other', stream: 4 }));
  await post(messageBody(2));
  assert.deepEqual(chains, ['next', 'next', 'next']);
});

test('events that nobody wants, and copies, still count in the chain', async () => {
  const { post, chains, outcomes } = receiverWith();
  await post(messageBody(1));
  await post(tombstoneBody(2));
  await post(messageBody(1));
  await post(messageBody(3));
  assert.deepEqual(outcomes, ['handled', 'ignored', 'duplicate', 'handled']);
  assert.deepEqual(chains, ['next', 'next']);
});

test('a failed event is not in the chain, and its retry is next', async () => {
  const chains: unknown[] = [];
  let failures = 1;
  const { post } = receiverWith({
    on: {
      'group.message.sent': (_event, { chain }) => {
        chains.push(chain?.kind);
        if (failures-- > 0) throw new Error('as told');
      },
    },
  });
  assert.equal((await post(messageBody(1))).status, 500);
  assert.equal((await post(messageBody(1))).status, 200);
  assert.deepEqual(chains, ['next', 'next']);
});

test('the first event seen of a lane in its middle is joined, and says what came before', async () => {
  const seen: unknown[] = [];
  const { post } = receiverWith({
    on: { 'group.message.sent': (_event, { chain }) => void seen.push(chain) },
  });
  await post(messageBody(90));
  assert.deepEqual(seen, [{ kind: 'joined', missing: { after: 0, through: 89 } }]);
});

test('a handler that lacks something asks for it, and is given it', async () => {
  const applied: number[] = [];
  const { post, outcomes } = receiverWith({
    on: {
      'group.message.sent': ({ msgSeq }, { chain }) => {
        if (chain?.kind === 'gap') return { appliedThrough: chain.missing.after };
        applied.push(msgSeq);
        return undefined;
      },
    },
  });
  await post(messageBody(1));
  const answer = await post(messageBody(4));
  assert.deepEqual([answer.status, positionOf(answer)], [200, '1']);
  for (const seq of [2, 3, 4]) assert.equal(positionOf(await post(messageBody(seq))), undefined);
  assert.deepEqual(applied, [1, 2, 3, 4]);
  assert.deepEqual(outcomes, ['handled', 'rewound', 'handled', 'handled', 'handled']);
});

test('a handler that is further says so, and the chain goes on there', async () => {
  const chains: unknown[] = [];
  const { post, outcomes } = receiverWith({
    on: {
      'group.message.sent': async ({ msgSeq }, { chain }) => {
        chains.push(chain?.kind);
        return msgSeq === 1 ? { appliedThrough: 50 } : undefined;
      },
    },
  });
  assert.equal(positionOf(await post(messageBody(1))), '50');
  await post(messageBody(51));
  assert.deepEqual(chains, ['next', 'next']);
  assert.deepEqual(outcomes, ['handled', 'handled']);
});

test('a position that cannot be answered is an error of the handler', async () => {
  for (const appliedThrough of [-1, 1.5, '7', undefined]) {
    const { post, outcomes } = receiverWith({
      on: { 'group.message.sent': () => ({ appliedThrough: appliedThrough as number }) },
    });
    const answer = await post(messageBody(1));
    assert.deepEqual([answer.status, positionOf(answer)], [500, undefined], String(appliedThrough));
    assert.deepEqual(outcomes, ['failed']);
  }
  const { receiver } = receiverWith({
    requireSignature: false,
    on: { 'group.message.sent': () => ({ appliedThrough: 7 }) },
  });
  assert.equal((await receiver.handle(tencentRequest())).status, 500);
});

test('what else a handler returns is nobody’s business', async () => {
  const { post } = receiverWith({ on: { 'group.message.sent': (() => ({ rows: 1 })) as () => void } });
  const answer = await post(messageBody(1));
  assert.deepEqual([answer.status, positionOf(answer)], [200, undefined]);
});

test('a batch is handled in order, and the answer says how far', async () => {
  const { post, handled, outcomes } = receiverWith();
  const answer = await post(batchBody(1, 2, 3));
  assert.deepEqual([answer.status, positionOf(answer)], [200, '3']);
  assert.deepEqual(handled, [1, 2, 3]);
  assert.deepEqual(outcomes, ['handled', 'handled', 'handled']);
});

test('a batch of which one fails is answered with what came before it', async () => {
  const handled: number[] = [];
  let failing = [3];
  const { post, outcomes } = receiverWith({
    on: {
      'group.message.sent': ({ msgSeq }) => {
        if (failing.includes(msgSeq)) throw new Error('as told');
        handled.push(msgSeq);
      },
    },
  });
  const partial = await post(batchBody(1, 2, 3, 4));
  assert.deepEqual([partial.status, positionOf(partial)], [200, '2']);
  assert.deepEqual(handled, [1, 2]);
  const none = await post(batchBody(3, 4));
  assert.deepEqual([none.status, positionOf(none)], [500, undefined]);
  failing = [];
  const whole = await post(batchBody(2, 3, 4));
  assert.deepEqual([whole.status, positionOf(whole)], [200, '4']);
  assert.deepEqual(handled, [1, 2, 3, 4]);
  assert.deepEqual(outcomes, ['handled', 'handled', 'failed', 'failed', 'duplicate', 'handled', 'handled']);
});

test('a position inside a batch ends it there', async () => {
  const handled: number[] = [];
  const answers = (at: number, appliedThrough: number) => ({
    'group.message.sent': ({ msgSeq }: { msgSeq: number }) => {
      handled.push(msgSeq);
      return msgSeq === at ? { appliedThrough } : undefined;
    },
  });
  assert.equal(positionOf(await receiverWith({ on: answers(2, 0) }).post(batchBody(1, 2, 3))), '0');
  assert.equal(positionOf(await receiverWith({ on: answers(2, 90) }).post(batchBody(1, 2, 3))), '90');
  assert.deepEqual(handled, [1, 2, 1, 2]);
  assert.equal(positionOf(await receiverWith({ on: answers(2, 2) }).post(batchBody(1, 2, 3))), '3');
});

test('a batch that takes too long is answered in time with what is done, and goes no further', async () => {
  const handled: number[] = [];
  const entered = Promise.withResolvers<void>();
  const slow = Promise.withResolvers<void>();
  const { post, receiver, clock, outcomes } = receiverWith({
    on: {
      'group.message.sent': async ({ msgSeq }) => {
        if (msgSeq === 2) {
          entered.resolve();
          await slow.promise;
        }
        handled.push(msgSeq);
      },
    },
  });
  const pending = post(batchBody(1, 2, 3));
  await entered.promise;
  clock.advance(1800);
  const answer = await pending;
  assert.deepEqual([answer.status, positionOf(answer)], [200, '1']);
  assert.equal((await post(batchBody(2, 3))).status, 503);
  slow.resolve();
  await receiver.drain();
  assert.deepEqual(handled, [1, 2]);
  assert.equal(positionOf(await post(batchBody(2, 3))), '3');
  assert.deepEqual(handled, [1, 2, 3]);
  assert.deepEqual(outcomes, ['handled', 'late', 'busy', 'handled', 'duplicate', 'handled']);
});

test('first: a batch is answered at once, and every event of it gets its turn', async () => {
  const handled: number[] = [];
  const slow = Promise.withResolvers<void>();
  const { post, receiver, outcomes } = receiverWith({
    acknowledge: 'first',
    on: {
      'group.message.sent': async ({ msgSeq }) => {
        await slow.promise;
        if (msgSeq === 1) throw new Error('lost');
        handled.push(msgSeq);
      },
    },
  });
  const answer = await post(batchBody(1, 2));
  assert.deepEqual([answer.status, positionOf(answer)], [200, undefined]);
  slow.resolve();
  await receiver.drain();
  assert.deepEqual(handled, [2]);
  assert.deepEqual(outcomes, ['failed', 'handled']);
});

test('a store of chains that fails is answered 500, and the event comes again', async () => {
  const down = () => Promise.reject(new Error('store down'));
  for (const chain of [
    { read: down, update: down },
    { ...memoryChains(), update: down },
  ]) {
    const { post } = receiverWith({ chain });
    assert.equal((await post(messageBody(1))).status, 500);
    assert.equal((await post(tombstoneBody(1))).status, 500);
  }
});

test('chain: false keeps none and says nothing', async () => {
  const { post, chains } = receiverWith({ chain: false });
  for (const seq of [1, 9]) assert.equal((await post(messageBody(seq))).status, 200);
  assert.deepEqual(chains, [undefined, undefined]);
});
