import type { EndpointSettings } from '../../src/domain/endpoint.ts';

/** Where a fault can strike, by the call of a port that meets it. */
export type Port = 'commit' | 'read' | 'send' | 'timer' | 'hint' | 'cluster' | 'notice';

export const COMMIT_FAULTS = [
  'crash-before',
  'crash-after',
  'disk-full',
  'disk-full-once',
  'locked',
  'slow',
  /** It stands, and whoever asked for it is told that it failed. */
  'answer-lost',
  /** It stands, and nobody is ever told; the process dies of that a while later. */
  'never-answered',
] as const;
export const READ_FAULTS = ['crash-before', 'crash-after', 'unreachable', 'slow'] as const;
/** 2xx answers that say where the receiver stands, or something of the kind. */
export const POSITION_FAULTS = [
  /** It has applied the first half of a batch; of a single event nothing. */
  'part-applied',
  /** It has lost its last events, and stands before them. */
  'restored',
  /** It has lost everything. */
  'wiped',
  /** It has more than it was sent. */
  'ahead',
  'beyond-head',
  'garbage-position',
] as const;
export const SEND_FAULTS = [
  'crash-on-start',
  'crash-on-arrival',
  'crash-on-answer',
  'refused',
  'dns-error',
  'reset-unprocessed',
  'reset-processed',
  'hang-unprocessed',
  'hang-processed',
  'arrives-after-time-out',
  'half-answer',
  'status-500',
  'status-503-processed',
  'status-410',
  'status-429-retry-after',
  'wrong-json',
  'says-failed',
  'endless-answer',
  'slow',
  ...POSITION_FAULTS,
] as const;
export const TIMER_FAULTS = ['crash', 'late'] as const;
export const HINT_FAULTS = ['lost', 'crash'] as const;
/** Of what a node asks the database about leases. */
export const CLUSTER_FAULTS = ['crash-before', 'crash-after', 'unreachable', 'answer-lost', 'slow'] as const;
export const NOTICE_FAULTS = ['lost', 'late'] as const;

export const ALL_FAULTS = [
  ...COMMIT_FAULTS,
  ...READ_FAULTS,
  ...SEND_FAULTS,
  ...TIMER_FAULTS,
  ...HINT_FAULTS,
  ...CLUSTER_FAULTS,
  ...NOTICE_FAULTS,
] as const;

export type PositionFault = (typeof POSITION_FAULTS)[number];
export type SendFault = (typeof SEND_FAULTS)[number];
export type FaultKind = (typeof ALL_FAULTS)[number];

/** Strikes the `nth` call of a port, from 0. */
export interface Fault {
  readonly port: Port;
  readonly nth: number;
  readonly kind: FaultKind;
}

/** Something that somebody does at a virtual moment. Endpoints by name, groups by number. */
export type Action =
  | { readonly do: 'send'; readonly group: number; readonly kind: 'stored' | 'online-only' | 'forbidden' }
  | { readonly do: 'pause' | 'resume'; readonly endpoint: string }
  | { readonly do: 'put'; readonly settings: EndpointSettings }
  | { readonly do: 'delete'; readonly endpoint: string; readonly force: boolean }
  | {
      readonly do: 'replay';
      readonly endpoint: string;
      readonly group?: number;
      readonly fromMsgSeq?: number;
      readonly toMsgSeq?: number;
    }
  | { readonly do: 'replay-dead-letters' }
  | { readonly do: 'trim' }
  | { readonly do: 'outage'; readonly endpoint: string; readonly ms: number; readonly kind: SendFault }
  /** The wall clock is set, forward or back; the monotonic one runs on. */
  | { readonly do: 'set-clock'; readonly ms: number; readonly node?: number }
  | { readonly do: 'crash'; readonly node?: number }
  | { readonly do: 'stop'; readonly node?: number }
  /** A node stands still for so long (SIGSTOP). `replaced`: another process is started in its place meanwhile. */
  | { readonly do: 'freeze'; readonly node: number; readonly ms: number; readonly replaced: boolean }
  /** A node reaches no database for so long. */
  | { readonly do: 'cut-off'; readonly node: number; readonly ms: number }
  /** A second process opens the store while the first one still runs. */
  | { readonly do: 'take-over' };

export type Step = Action & { readonly at: number };

/** One of several nodes on one database. */
export interface NodePlan {
  /** Its wall clock stands by so many ms beside the others'. */
  readonly wallOffset: number;
  /** Milliseconds of its monotonic clock in a true one. */
  readonly rate: number;
  /** It has the same name after a restart. */
  readonly named: boolean;
}

/** Everything about a history that is not decided while it runs. Shrinking takes steps and faults away. */
export interface Plan {
  readonly seed: number;
  readonly groups: number;
  /** Absent: one process at a time owns the store. */
  readonly nodes?: { readonly each: readonly NodePlan[]; readonly notices: boolean };
  /** Attempts under way at all endpoints together; the first one of each endpoint comes on top. */
  readonly concurrency: number;
  readonly endpoints: readonly EndpointSettings[];
  readonly steps: readonly Step[];
  readonly faults: readonly Fault[];
}

export function describeStep(step: Step): string {
  return `${String(step.at).padStart(6)} ms  ${describeAction(step)}`;
}

/** A step without its moment. */
export function describeAction({ do: what, at: _, ...rest }: Step): string {
  const details = 'settings' in rest ? describeEndpoint(rest.settings) : JSON.stringify(rest);
  return `${what} ${details === '{}' ? '' : details}`.trimEnd();
}

export function describeFault({ port, nth, kind }: Fault): string {
  return `${port} #${nth}: ${kind}`;
}

export function describeEndpoint(settings: EndpointSettings): string {
  const { name, dialect, order, onHeadFailure, concurrency, timeoutMs, retry, breaker } = settings;
  const { batch, groups, ratePerSecond } = settings;
  return JSON.stringify({
    name,
    dialect,
    order,
    onHeadFailure,
    concurrency,
    timeoutMs,
    retry,
    breaker,
    start: settings.start.at,
    ...(batch === undefined ? {} : { batch }),
    ...(groups === undefined ? {} : { groups }),
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
  });
}
