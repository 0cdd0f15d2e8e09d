import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TENCENT_OK } from '@confab-im/protocol';
import fc from 'fast-check';
import { ManualClock } from '../test/support/manual-clock.ts';
import { APP, bytes, openImBody, openImUrl, tencentRequest, tencentUrl } from '../test/support/requests.ts';
import { memoryDedupe } from './dedupe.ts';
import { createReceiver, type PlainRequest, type ReceiverOptions } from './handler.ts';
import type { Outcome } from './outcome.ts';

type Extra = Partial<ReceiverOptions>;

function receiverWith(extra: Extra = {}) {
  const clock = new ManualClock();
  const outcomes: Outcome['kind'][] = [];
  const handled: number[] = [];
  const receiver = createReceiver({
    sdkAppId: APP,
    on: { 'group.message.sent': (event) => void handled.push(event.msgSeq) },
    clock,
    observe: ({ kind }) => outcomes.push(kind),
    ...extra,
  });
  return { receiver, clock, outcomes, handled };
}

/** A handler that waits until the test lets it go on. */
function gate() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  let calls = 0;
  return {
    handler: () => {
      calls += 1;
      entered.resolve();
      return promise;
    },
    entered: entered.promise,
    open: resolve,
    fail: reject,
    get calls() {
      return calls;
    },
  };
}

const status = async (answer: Promise<{ status: number }>) => (await answer).status;

test('a message is handled, then answered; its copy is answered only', async () => {
  const { receiver, outcomes, handled, clock } = receiverWith();
  const answer = await receiver.handle(tencentRequest());
  assert.deepEqual([answer.status, answer.body], [200, TENCENT_OK]);
  assert.equal(await status(receiver.handle(tencentRequest())), 200);
  assert.deepEqual(handled, [42]);
  assert.deepEqual(outcomes, ['handled', 'duplicate']);
  assert.equal(clock.pending, 0);
});

test('after-commit: the answer waits for the handler', async () => {
  const slow = gate();
  const { receiver } = receiverWith({ on: { 'group.message.sent': slow.handler } });
  let answered = false;
  const answer = receiver.handle(tencentRequest()).then((response) => {
    answered = true;
    return response;
  });
  await slow.entered;
  assert.equal(answered, false);
  slow.open();
  assert.equal(await status(answer), 200);
});

test('after-commit: a handler that fails is answered 500, and the retry is handled', async () => {
  let failures = 1;
  const { receiver, outcomes } = receiverWith({
    on: {
      'group.message.sent': () => {
        if (failures-- > 0) throw new Error('the password is hunter2');
      },
    },
  });
  const answer = await receiver.handle(tencentRequest());
  assert.equal(answer.status, 500);
  assert.doesNotMatch(answer.body, /hunter2/);
  assert.equal(await status(receiver.handle(tencentRequest())), 200);
  assert.equal(await status(receiver.handle(tencentRequest())), 200);
  assert.deepEqual(outcomes, ['failed', 'handled', 'duplicate']);
});

test('after-commit: a copy that arrives meanwhile is sent back', async () => {
  const slow = gate();
  const { receiver, outcomes } = receiverWith({ on: { 'group.message.sent': slow.handler } });
  const first = receiver.handle(tencentRequest());
  await slow.entered;
  const copy = await receiver.handle(tencentRequest());
  assert.equal(copy.status, 503);
  assert.equal(copy.headers['retry-after'], '1');
  slow.open();
  assert.equal(await status(first), 200);
  assert.equal(slow.calls, 1);
  assert.deepEqual(outcomes, ['busy', 'handled']);
});

test('a late handler is answered in time, goes on, and its success counts', async () => {
  for (const [request, milliseconds] of [
    [tencentRequest(), 1800],
    [{ ...tencentRequest(), url: openImUrl(), body: bytes(openImBody()) }, 4500],
  ] as const) {
    const slow = gate();
    const { receiver, clock, outcomes } = receiverWith({ on: { 'group.message.sent': slow.handler } });
    const answer = receiver.handle(request);
    await slow.entered;
    clock.advance(milliseconds - 1);
    assert.deepEqual(outcomes, []);
    clock.advance(1);
    assert.equal(await status(answer), 503);
    slow.open();
    await receiver.drain();
    assert.equal(await status(receiver.handle(request)), 200);
    assert.equal(slow.calls, 1);
    assert.deepEqual(outcomes, ['late', 'handled', 'duplicate']);
  }
});

test('a body that comes too slowly is answered in time, and its connection closed', async () => {
  const rest = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  async function* slowly(): AsyncGenerator<Uint8Array> {
    yield bytes('{');
    started.resolve();
    await rest.promise;
  }
  const { receiver, clock, outcomes } = receiverWith({ maxInFlight: 1 });
  const answer = receiver.handle(tencentRequest({ body: slowly() }));
  await started.promise;
  clock.advance(1800);
  const { status, close } = await answer;
  assert.deepEqual([status, close], [503, true]);
  rest.reject(new Error('the connection was closed'));
  await receiver.drain();
  assert.deepEqual(outcomes, ['late', 'refused']);
});

test('first: the answer does not wait, and an error is only observed', async () => {
  const slow = gate();
  const { receiver, outcomes, clock } = receiverWith({
    on: { 'group.message.sent': slow.handler },
    acknowledge: 'first',
  });
  assert.equal(await status(receiver.handle(tencentRequest())), 200);
  assert.equal(await status(receiver.handle(tencentRequest())), 200);
  assert.deepEqual(outcomes, ['duplicate']);
  assert.equal(clock.pending, 0);
  slow.fail(new Error('lost'));
  await receiver.drain();
  assert.deepEqual(outcomes, ['duplicate', 'failed']);
});

test('other commands go to onOther, and are answered OK without it', async () => {
  const url = tencentUrl({ command: 'State.StateChange' });
  const request: PlainRequest = { method: 'POST', url, headers: {}, body: bytes('{"EventTime":1}') };
  const seen: unknown[] = [];
  const listening = receiverWith({ onOther: (event, { command }) => void seen.push([command, event.body]) });
  assert.equal(await status(listening.receiver.handle(request)), 200);
  assert.equal(await status(listening.receiver.handle(request)), 200);
  assert.deepEqual(seen, Array(2).fill(['State.StateChange', { EventTime: 1 }]));
  const deaf = receiverWith();
  assert.equal(await status(deaf.receiver.handle(request)), 200);
  assert.deepEqual(deaf.outcomes, ['ignored']);
});

test('a change of a group goes to its handler, without one to onOther as it came', async () => {
  const command = 'Group.CallbackAfterMemberExit';
  const body =
    '{"CallbackCommand":"Group.CallbackAfterMemberExit","EventTime":"1735689130000","ExitMemberList":[{"Member_Account":"carla"}],"ExitType":"Kicked","GroupId":"g","Operator_Account":"alice","Type":"Public"}';
  const request: PlainRequest = {
    ...{ method: 'POST', url: tencentUrl({ command }), headers: { 'webhook-id': 'i-7-3' } },
    body: bytes(body),
  };
  const seen: unknown[] = [];
  const { receiver } = receiverWith({
    on: { 'group.members.left': (event, { key }) => void seen.push([event, key]) },
  });
  assert.equal(await status(receiver.handle(request)), 200);
  assert.equal(await status(receiver.handle(request)), 200, 'a copy of it');
  const left = {
    ...{ kind: 'group.members.left', groupId: 'g', groupType: 'Public', eventTime: 1_735_689_130_000 },
    ...{ operator: 'alice', exitType: 'Kicked', members: ['carla'] },
  };
  assert.deepEqual(seen, [[left, JSON.stringify(['id', APP, 'i-7-3'])]]);
  const others: unknown[] = [];
  const listening = receiverWith({ onOther: ({ body: came }) => void others.push(came) });
  assert.equal(await status(listening.receiver.handle(request)), 200);
  assert.deepEqual(others, [JSON.parse(body)]);
  const wrong = { ...request, body: bytes(body.replace('"Kicked"', '"Pushed"')) };
  assert.equal(await status(receiver.handle(wrong)), 400);
});

test('refused requests change nothing', async () => {
  const { receiver, outcomes, handled } = receiverWith({ maxBodyBytes: 1000 });
  const wrong = [
    tencentRequest({ method: 'GET' }),
    tencentRequest({ body: new Uint8Array(1001) }),
    tencentRequest({ headers: { 'content-encoding': 'gzip' } }),
    tencentRequest({ url: tencentUrl({ sdkAppId: 5 }) }),
    tencentRequest({ body: brokenOff() }),
  ];
  const answers = await Promise.all(wrong.map((request) => receiver.handle(request)));
  assert.deepEqual(
    answers.map((answer) => answer.status),
    [405, 413, 415, 403, 400],
  );
  assert.equal(answers[0]?.headers.allow, 'POST');
  assert.deepEqual(new Set(outcomes), new Set(['refused']));
  assert.deepEqual(handled, []);
});

async function* brokenOff(): AsyncGenerator<Uint8Array> {
  yield bytes('{"CallbackCommand"');
  throw new Error('aborted');
}

test('one request too many is sent back, and its body is not kept', async () => {
  const slow = gate();
  const { receiver, outcomes } = receiverWith({ on: { 'group.message.sent': slow.handler }, maxInFlight: 1 });
  const first = receiver.handle(tencentRequest());
  await slow.entered;
  assert.equal(await status(receiver.handle(tencentRequest({ facts: { msgSeq: 43 } }))), 503);
  slow.open();
  assert.equal(await status(first), 200);
  await receiver.drain();
  assert.equal(await status(receiver.handle(tencentRequest({ facts: { msgSeq: 43 } }))), 200);
  assert.deepEqual(outcomes, ['overloaded', 'handled', 'handled']);
});

test('a store of keys that fails is answered 500', async () => {
  const down = () => Promise.reject(new Error('store down'));
  const { receiver, handled } = receiverWith({ dedupe: { claim: down, confirm: down, release: down } });
  assert.equal(await status(receiver.handle(tencentRequest())), 500);
  assert.deepEqual(handled, []);
});

test('a store that cannot confirm leaves the event to be handled again', async () => {
  const { claim, release } = memoryDedupe();
  const confirm = () => Promise.reject(new Error('store down'));
  const { receiver, handled } = receiverWith({ dedupe: { claim, confirm, release } });
  assert.equal(await status(receiver.handle(tencentRequest())), 500);
  assert.equal(await status(receiver.handle(tencentRequest())), 500);
  assert.deepEqual(handled, [42, 42]);
});

test('without a store every copy reaches the handler, with its key', async () => {
  const keys: string[] = [];
  const { receiver } = receiverWith({
    dedupe: false,
    on: { 'group.message.sent': (_event, { key }) => void keys.push(key) },
  });
  await receiver.handle(tencentRequest());
  await receiver.handle(tencentRequest());
  assert.equal(keys.length, 2);
  assert.equal(new Set(keys).size, 1);
});

test('whatever the arrivals and failures, each message is handled with success exactly once', async () => {
  const arrivals = fc.array(fc.record({ seq: fc.integer({ min: 1, max: 5 }), fails: fc.boolean() }), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(arrivals, async (requests) => {
      const successes = new Map<number, number>();
      let failing = false;
      const { receiver } = receiverWith({
        on: {
          'group.message.sent': async ({ msgSeq }) => {
            if (failing) throw new Error('no');
            successes.set(msgSeq, (successes.get(msgSeq) ?? 0) + 1);
          },
        },
      });
      for (const { seq, fails } of requests) {
        failing = fails;
        const answer = await receiver.handle(tencentRequest({ facts: { msgSeq: seq } }));
        assert.equal(answer.status === 200, successes.get(seq) === 1);
      }
      assert.deepEqual(new Set(successes.values()), new Set(successes.size > 0 ? [1] : []));
    }),
    { numRuns: 50 },
  );
});

test('an observer that throws disturbs nobody', async () => {
  const { receiver } = receiverWith({
    observe: () => {
      throw new Error('observer');
    },
  });
  assert.equal(await status(receiver.handle(tencentRequest())), 200);
});

test('wrong options are named', () => {
  const wrong: [object, RegExp][] = [
    [{ timeoutMs: 0 }, /timeoutMs/],
    [{ maxInFlight: -1 }, /maxInFlight/],
    [{ acknowledge: 'later' }, /acknowledge/],
    [{ on: { 'group.message.send': () => {} } }, /group\.message\.send"/],
    [{ retries: 3 }, /retries/],
  ];
  for (const [extra, message] of wrong) {
    assert.throws(() => createReceiver({ sdkAppId: APP, on: {}, ...extra }), message);
  }
});
