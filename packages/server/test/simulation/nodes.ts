import type { Clock } from '../../src/base/clock.ts';
import type { ClusterNode } from '../../src/cluster-node.ts';
import { DEFAULT_LEASE_MS } from '../../src/domain/lease.ts';
import type { Agenda } from './agenda.ts';
import type { NodeLink } from './node-link.ts';
import type { Process } from './process.ts';
import type { System } from './system.ts';
import type { World } from './world.ts';

/** Fewer than real, so that each is used: groups have the streams 1 to 4, and 0 brings the chores. */
export const PARTITIONS = 6;
/** Rarer than real, for the sake of speed. */
const POLL_MS = 4_000;

/** Makes a process one of several nodes, as `app.ts` does. */
export async function joinCluster(
  world: World,
  Node: System['ClusterNode'],
  process: Process,
  link: NodeLink,
): Promise<ClusterNode> {
  const { nodes } = world.plan;
  const { named = false } = nodes?.each[process.slot] ?? {};
  const node = await Node.join({
    store: {
      capabilities: { severalNodes: true },
      cluster: link,
      onLanes: (listener) => void process.listeners.push(listener),
    },
    config: {
      role: 'all',
      node: named ? `n${process.slot}` : `n${process.slot}-${process.generation}`,
      leaseMs: DEFAULT_LEASE_MS,
      pollMs: POLL_MS,
      notices: nodes?.notices ?? true,
    },
    clock: process.clock,
    logger: { warn() {} },
    onFatal: () => world.crash(process),
  });
  if (node === undefined) throw new Error('the store is shared and says that it is not');
  return node;
}

/** Ends in order, as `app.ts` does. */
export async function stopNode({ node, dispatcher }: Process): Promise<void> {
  await node?.retire();
  await dispatcher?.stop();
  await node?.leave();
}

interface ClockParts {
  now(): number;
  /** Milliseconds of the monotonic clock in a true one: no more than 1, and more than 5/6. */
  readonly rate: number;
  /** A timer rings, for the first time if it can be put off by `again`. */
  ring(again: ((ms: number) => void) | undefined, fn: () => void): void;
}

/** The clocks and the timers of one process. */
export function simulatedClock(agenda: Agenda, owner: Process, { now, rate, ring }: ClockParts): Clock {
  const bornAt = agenda.now;
  return {
    now,
    monotonic: () => (agenda.now - bornAt) * rate,
    setTimer: (ms, fn) => {
      const later = (inMs: number, run: () => void) => agenda.after(inMs, run, owner);
      let appointment = later(rate === 1 ? ms : Math.ceil(ms / rate), () =>
        ring((againMs) => {
          appointment = later(againMs, () => ring(undefined, fn));
        }, fn),
      );
      return {
        cancel: () => {
          appointment.cancelled = true;
        },
      };
    },
  };
}
