import {
  type Action,
  CLUSTER_FAULTS,
  type Fault,
  HINT_FAULTS,
  NOTICE_FAULTS,
  type NodePlan,
  type Plan,
  type Step,
} from './plan.ts';
import { Prng } from './prng.ts';

/** One history in so many has several nodes on one database. */
export const NODES_EVERY = 4;
/** What makes the nodes is drawn apart, so that it changes nothing else about a seed. */
const NODES = 0x10de5;
const HOUR_MS = 3_600_000;
/** Leases may be lost and regained while a request of this time-out is under way. */
const PATIENT_MS = 7_000;
/** The slowest clock: a lease has a sixth of its time left for it. */
const SLOW = 0.9;

/** The history of a seed with several nodes in place of one process at a time, and with the faults that belong to them. */
export function withNodes(plan: Plan): Plan {
  const random = new Prng(plan.seed ^ NODES);
  const count = random.pick([2, 2, 3]);
  const each = Array.from({ length: count }, () => nodePlan(random));
  return {
    ...plan,
    endpoints: plan.endpoints.map((settings) => ({
      ...settings,
      timeoutMs: random.pick([settings.timeoutMs, settings.timeoutMs, PATIENT_MS]),
    })),
    nodes: { each, notices: random.chance(0.75) },
    steps: steps(random, plan.steps, count),
    faults: [...plan.faults, ...faults(random)],
  };
}

function nodePlan(random: Prng): NodePlan {
  return {
    wallOffset: random.chance(0.3) ? random.pick([-HOUR_MS, -20_000, 20_000, HOUR_MS]) : 0,
    rate: random.chance(0.25) ? SLOW : 1,
    named: random.chance(0.4),
  };
}

/** What happens to the one process happens to one of the nodes; a take-over of the store has no meaning. */
function steps(random: Prng, plain: readonly Step[], count: number): Step[] {
  const node = () => random.between(0, count - 1);
  const steps = plain.map((step): Step => {
    if (step.do === 'take-over') return { at: step.at, ...freeze(random, node()) };
    return step.do === 'crash' || step.do === 'stop' || step.do === 'set-clock'
      ? { ...step, node: node() }
      : step;
  });
  // The nodes have shared out the partitions by then, or are about to.
  const delay = random.pick([0, 20, 100, 3_000]);
  const later = steps.map((step) => ({ ...step, at: step.at + delay }));
  for (let n = random.between(1, 2); n > 0; n -= 1) {
    const index = random.between(0, later.length);
    const at = later[index]?.at ?? later.at(-1)?.at ?? 0;
    const pauseMs = random.pick([0, 0, 500, 3_000, 7_000]);
    const action = disturbance(random, node());
    const rest = later.slice(index).map((step) => ({ ...step, at: step.at + pauseMs }));
    later.splice(index, rest.length, { at, ...action }, ...rest);
  }
  return later;
}

function disturbance(random: Prng, node: number): Action {
  const kind = random.next();
  if (kind < 0.4) return freeze(random, node);
  if (kind < 0.7) return { do: 'cut-off', node, ms: random.pick([500, 4_000, 6_100, 9_000]) };
  if (kind < 0.85) return { do: 'crash', node };
  if (kind < 0.95) return { do: 'stop', node };
  return { do: 'set-clock', node, ms: random.chance(0.5) ? HOUR_MS : -HOUR_MS };
}

function freeze(random: Prng, node: number): Action {
  return { do: 'freeze', node, ms: random.pick([500, 4_000, 7_000, 12_000]), replaced: random.chance(0.2) };
}

function faults(random: Prng): Fault[] {
  return Array.from({ length: random.between(1, 4) }, () => {
    const kind = random.next();
    if (kind < 0.3) return { port: 'cluster', nth: random.between(0, 25), kind: 'slow' };
    if (kind < 0.65)
      return { port: 'cluster', nth: random.between(0, 25), kind: random.pick(CLUSTER_FAULTS) };
    if (kind < 0.85) return { port: 'notice', nth: random.between(0, 12), kind: random.pick(NOTICE_FAULTS) };
    return { port: 'hint', nth: random.between(0, 20), kind: random.pick(HINT_FAULTS) };
  });
}
