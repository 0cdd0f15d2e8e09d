import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { abandonProbe, afterFailure, afterSuccess, type Breaker, CLOSED, startProbe } from './breaker.ts';

const POLICY = { failures: 3, probeEveryMs: 100 };
const AT = 1_000;
const OPENED: Breaker = { state: 'open', probeAt: AT + 100 };

const STATES = {
  closed: CLOSED,
  failing: { state: 'closed', failures: 1 },
  lastChance: { state: 'closed', failures: 2 },
  openEarly: { state: 'open', probeAt: AT + 1 },
  openDue: { state: 'open', probeAt: AT },
  probing: { state: 'probing' },
} as const satisfies Record<string, Breaker>;

const EVENTS = {
  failure: (breaker: Breaker) => afterFailure(breaker, POLICY, AT),
  success: afterSuccess,
  startProbe: (breaker: Breaker) => startProbe(breaker, AT),
  abandonProbe: (breaker: Breaker) => abandonProbe(breaker, POLICY, AT),
};

/** What every event makes of every state; `same` is the very same value. */
const TABLE: Record<keyof typeof STATES, Record<keyof typeof EVENTS, Breaker | 'same'>> = {
  closed: {
    failure: { state: 'closed', failures: 1 },
    success: 'same',
    startProbe: 'same',
    abandonProbe: 'same',
  },
  failing: {
    failure: { state: 'closed', failures: 2 },
    success: CLOSED,
    startProbe: 'same',
    abandonProbe: 'same',
  },
  lastChance: { failure: OPENED, success: CLOSED, startProbe: 'same', abandonProbe: 'same' },
  openEarly: { failure: 'same', success: CLOSED, startProbe: 'same', abandonProbe: 'same' },
  openDue: { failure: 'same', success: CLOSED, startProbe: { state: 'probing' }, abandonProbe: 'same' },
  probing: { failure: OPENED, success: CLOSED, startProbe: 'same', abandonProbe: OPENED },
};

const names = <K extends string>(record: Record<K, unknown>) => Object.keys(record) as K[];

for (const from of names(STATES)) {
  for (const event of names(EVENTS)) {
    test(`${from}, ${event}`, () => {
      const before = STATES[from];
      const expected = TABLE[from][event];
      const after = EVENTS[event](before);
      if (expected === 'same') assert.equal(after, before);
      else assert.deepEqual(after, expected);
    });
  }
}

test('it opens after so many failures in a row and not before, whatever came earlier', () => {
  const events = fc.array(fc.boolean(), { maxLength: 40 });
  fc.assert(
    fc.property(events, (successes) => {
      let breaker = CLOSED;
      let inARow = 0;
      for (const success of successes) {
        breaker = success ? afterSuccess(breaker) : afterFailure(breaker, POLICY, AT);
        inARow = success ? 0 : inARow + 1;
        assert.equal(breaker.state, inARow >= POLICY.failures ? 'open' : 'closed');
      }
    }),
  );
});
