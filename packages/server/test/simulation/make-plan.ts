import type { EndpointSettings } from '../../src/domain/endpoint.ts';
import { endpointSettings } from '../conformance/commands.ts';
import { NODES_EVERY, withNodes } from './make-node-plan.ts';
import {
  type Action,
  COMMIT_FAULTS,
  type Fault,
  HINT_FAULTS,
  type Plan,
  READ_FAULTS,
  SEND_FAULTS,
  type SendFault,
  type Step,
  TIMER_FAULTS,
} from './plan.ts';
import { Prng } from './prng.ts';

/** One history in so many has more lanes due at once than the dispatcher holds in memory (128). */
const WIDE_EVERY = 400;
const WIDE_GROUPS = 140;
/** The number of places is drawn apart, so that it changes nothing else about a seed. */
const PLACES = 0x91ace;
/** Of the endpoints, so many speak the dialect `standard`. */
const STANDARD_SHARE = 0.35;
const HOUR_MS = 3_600_000;

const OUTAGES: readonly [SendFault, ...SendFault[]] = [
  'status-500',
  'status-503-processed',
  'refused',
  'reset-processed',
  'hang-unprocessed',
  'hang-unprocessed',
  'hang-processed',
  'half-answer',
  'status-429-retry-after',
  'part-applied',
  'wiped',
  'garbage-position',
];

/** The history of a seed: at least 20 sends and at least 5 planned faults, of which 3 and more strike. */
export function makePlan(seed: number): Plan {
  const plan = makePlainPlan(seed);
  return seed % NODES_EVERY === 1 ? withNodes(plan) : plan;
}

function makePlainPlan(seed: number): Plan {
  const random = new Prng(seed);
  const isWide = seed % WIDE_EVERY === WIDE_EVERY - 1;
  const groups = isWide ? WIDE_GROUPS : random.between(1, 4);
  const names: readonly [string, ...string[]] = ['a', 'b', 'c'];
  const count = isWide ? 1 : random.pick([1, 1, 2, 3]);
  const settings = names.slice(0, count).map((name) => settingsOf(random, name, groups));
  // Few at a time, so that lanes gather.
  const endpoints = isWide ? settings.map((one) => ({ ...one, concurrency: 2 })) : settings;
  return {
    seed,
    groups,
    concurrency: new Prng(seed ^ PLACES).pick([1, 2, 4, 1_024]),
    endpoints,
    steps: steps(random, groups, names.slice(0, count), isWide),
    faults: faults(random),
  };
}

function settingsOf(random: Prng, name: string, groups: number): EndpointSettings {
  const maxAttempts = random.pick([null, null, 2, 3, 5]);
  const filtered = random.chance(0.15)
    ? { groups: ['g1', 'g2', 'g4'].slice(0, random.between(1, Math.min(groups, 3))) }
    : {};
  const order = random.chance(0.67) ? 'group' : 'none';
  return endpointSettings(name, {
    order,
    ...dialect(random, order),
    onHeadFailure: random.pick(['block', 'park', 'skip']),
    timeoutMs: random.pick([100, 500, 2_000]),
    retry: {
      baseDelayMs: random.pick([10, 100, 500]),
      maxDelayMs: random.pick([500, 3_000, 10_000]),
      maxRetryAfterMs: random.pick([500, 3_000, 10_000]),
      maxAttempts,
      maxAgeMs: random.pick([1_000, 30_000, HOUR_MS]),
      permanentStatuses: [410],
    },
    breaker: { failures: random.pick([1, 1, 2, 20]), probeEveryMs: random.pick([200, 1_000, 5_000]) },
    concurrency: random.pick([1, 2, 3, 64]),
    start: random.chance(0.8) ? { at: 'now' } : { at: 'beginning' },
    ...(random.chance(0.15) ? { ratePerSecond: random.pick([2, 20]) } : {}),
    ...filtered,
  });
}

/** Batches need an order. Signatures are left out: they are made on other threads, in nobody's order. */
function dialect(random: Prng, order: EndpointSettings['order']): Partial<EndpointSettings> {
  if (!random.chance(STANDARD_SHARE)) return { dialect: 'tencent' };
  const standard = { dialect: 'standard', revision: '1' } as const;
  if (order === 'none' || random.chance(0.4)) return standard;
  const batch = { maxEvents: random.pick([2, 3, 10]), maxBytes: random.pick([1_500, 262_144]) };
  return { ...standard, batch };
}

function steps(random: Prng, groups: number, endpoints: readonly string[], isWide: boolean): Step[] {
  const sends = isWide ? WIDE_GROUPS : random.between(20, 22);
  const disturbances = random.between(1, 5);
  const first = endpoints[0] ?? 'a';
  const actions: Action[] = Array.from({ length: sends }, (_, index) => ({
    do: 'send',
    group: isWide ? (index % groups) + 1 : random.between(1, groups),
    kind: random.chance(0.92) ? 'stored' : random.pick(['online-only', 'forbidden']),
  }));
  for (let n = 0; n < disturbances; n += 1) {
    const action = disturbance(random, groups, random.pick([first, ...endpoints]));
    actions.splice(random.between(0, actions.length), 0, action);
  }
  let at = 0;
  return actions.map((action) => {
    at += isWide ? 0 : gap(random);
    // Nothing is trimmed that is younger than the window for repeated sends.
    if (action.do === 'trim' && random.chance(0.5)) at += random.between(2_000, 4_000);
    return { at, ...action };
  });
}

/** Most things come in bursts: what shares a moment shares transactions, and meets each other in every order. */
function gap(random: Prng): number {
  const kind = random.next();
  if (kind < 0.6) return 0;
  if (kind < 0.8) return random.between(1, 10);
  if (kind < 0.95) return random.between(11, 200);
  return random.between(200, 3_000);
}

function disturbance(random: Prng, groups: number, endpoint: string): Action {
  const group = random.between(1, groups);
  const kind = random.next();
  if (kind < 0.1) return { do: 'crash' };
  if (kind < 0.16) return { do: 'stop' };
  if (kind < 0.22) return { do: 'take-over' };
  if (kind < 0.26) return { do: 'put', settings: settingsOf(random, 'late', groups) };
  if (kind < 0.34) return { do: 'pause', endpoint };
  if (kind < 0.39) return { do: 'resume', endpoint };
  if (kind < 0.47) {
    return { do: 'put', settings: settingsOf(random, endpoint, groups) };
  }
  if (kind < 0.55) {
    const fromMsgSeq = random.between(1, 4);
    return { do: 'replay', endpoint, group, fromMsgSeq, toMsgSeq: fromMsgSeq + random.between(0, 5) };
  }
  if (kind < 0.58) return { do: 'replay', endpoint };
  if (kind < 0.63) return { do: 'replay-dead-letters' };
  if (kind < 0.71) return { do: 'trim' };
  if (kind < 0.76) {
    const ms = random.pick([1_000, 30_000, HOUR_MS]);
    return { do: 'set-clock', ms: random.chance(0.5) ? ms : -ms };
  }
  if (kind < 0.8) return { do: 'delete', endpoint, force: random.chance(0.7) };
  return { do: 'outage', endpoint, ms: random.pick([50, 500, 5_000]), kind: random.pick(OUTAGES) };
}

function faults(random: Prng): Fault[] {
  return Array.from({ length: random.between(5, 9) }, () => {
    const kind = random.next();
    if (kind < 0.2) return { port: 'commit', nth: random.between(0, 25), kind: random.pick(COMMIT_FAULTS) };
    if (kind < 0.35) return { port: 'read', nth: random.between(0, 30), kind: random.pick(READ_FAULTS) };
    if (kind < 0.8) return { port: 'send', nth: random.between(0, 25), kind: random.pick(SEND_FAULTS) };
    if (kind < 0.88) return { port: 'timer', nth: random.between(0, 30), kind: random.pick(TIMER_FAULTS) };
    return { port: 'hint', nth: random.between(0, 12), kind: random.pick(HINT_FAULTS) };
  });
}
