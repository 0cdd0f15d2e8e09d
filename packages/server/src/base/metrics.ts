import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { BeforeMetrics } from './metrics-before.ts';
import { type EndpointLabels, EndpointMetrics } from './metrics-endpoints.ts';
import { nodeMetrics } from './metrics-node.ts';
import { registerProcessMetrics } from './metrics-process.ts';
import { requestMetrics } from './metrics-requests.ts';
import { type StoreGauges, storeMetrics } from './metrics-store.ts';

export type { EndpointLabels } from './metrics-endpoints.ts';

export type BreakerState = 'closed' | 'half-open' | 'open';

/** What happens, as numbers for Prometheus. Durations in seconds. Each call costs under a microsecond: it is on the path of every message. */
export interface Metrics {
  /** An HTTP request was answered; `code` is the ErrorCode of a REST command, else the HTTP status. */
  requestDone(command: string, code: number, seconds: number): void;
  /** A message over the group's frequency limit was answered OK and dropped. */
  messageDropped(app: number): void;
  /** A batch of commands was committed. */
  committed(count: number, seconds: number): void;
  /** Of several on a database: partitions that this node works on, and nodes that live. */
  node(held: number, nodes: number): void;
  /** Age of the oldest progress of a lane that is not written down. */
  checkpointAge(seconds: number): void;
  /** A delivery attempt ended; `verdict` is `delivered` or the reason of the failure. */
  attemptDone(endpoint: EndpointLabels, verdict: string, seconds: number): void;
  /** An event was delivered, so long after its commit. */
  delivered(endpoint: EndpointLabels, delaySeconds: number): void;
  /** A 2xx answer with a body that the dialect does not know. */
  answerWarning(endpoint: EndpointLabels): void;
  deadLettered(endpoint: EndpointLabels, reason: string): void;
  breaker(endpoint: EndpointLabels, state: BreakerState): void;
  lanesInMemory(endpoint: EndpointLabels, count: number): void;
  /** What the receiver allows: attempts under way, and seconds until any may begin. */
  allowance(endpoint: EndpointLabels, concurrency: number, heldSeconds: number): void;
  /** An endpoint was asked before a message was sent; `verdict` is its answer or why there was none. */
  beforeAnswered(endpoint: EndpointLabels, verdict: string, seconds: number): void;
  beforeBreaker(endpoint: EndpointLabels, state: BreakerState): void;
  /** The endpoint is not asked any more. */
  forgetBefore(endpoint: EndpointLabels): void;
  /** The endpoint is gone; its state is no longer shown. */
  forget(endpoint: EndpointLabels): void;
  readonly contentType: string;
  /** The page that Prometheus scrapes. */
  render(): Promise<string>;
}

export interface MetricsOptions {
  readonly version: string;
  /** Read at each scrape. */
  readonly storeStats: () => Promise<StoreGauges>;
}

const COMMIT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2];
const COMMIT_COMMANDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

const BREAKER_VALUE: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** Metrics in a registry of their own. */
export function createMetrics({ version, storeStats }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  registerProcessMetrics(registry, version);
  const refreshStore = storeMetrics(registry, storeStats);

  const commitSeconds = new Histogram({
    name: 'confab_commit_duration_seconds',
    help: 'Time to commit one batch of commands.',
    buckets: COMMIT_SECONDS,
    registers,
  });
  const commitCommands = new Histogram({
    name: 'confab_commit_commands',
    help: 'Commands per committed batch.',
    buckets: COMMIT_COMMANDS,
    registers,
  });
  const dropped = new Counter({
    name: 'confab_messages_dropped_total',
    help: 'Messages over the frequency limit of their group, answered OK and dropped.',
    labelNames: ['app'],
    registers,
  });
  const checkpointAge = new Gauge({
    name: 'confab_checkpoint_age_seconds',
    help: 'Age of the oldest progress of a lane that is not written down: what a crash now would repeat.',
    registers,
  });
  const requestDone = requestMetrics(registry);
  const node = nodeMetrics(registry);
  const endpoints = new EndpointMetrics(registry);
  const before = new BeforeMetrics(registry);

  return {
    requestDone,
    node,
    messageDropped: (app) => dropped.inc({ app }),
    committed(count, seconds) {
      commitCommands.observe(count);
      commitSeconds.observe(seconds);
    },
    checkpointAge: (seconds) => checkpointAge.set(seconds),
    attemptDone(labels, verdict, seconds) {
      const series = endpoints.of(labels);
      series.attempt(verdict).inc();
      series.attemptSeconds.observe(seconds);
    },
    delivered: (labels, delaySeconds) => endpoints.of(labels).delay.observe(delaySeconds),
    answerWarning: (labels) => endpoints.of(labels).warnings.inc(),
    deadLettered: (labels, reason) => endpoints.of(labels).deadLetter(reason).inc(),
    breaker: (labels, state) => endpoints.of(labels).breaker.set(BREAKER_VALUE[state]),
    lanesInMemory: (labels, count) => endpoints.of(labels).lanes.set(count),
    allowance(labels, concurrency, heldSeconds) {
      const series = endpoints.of(labels);
      series.allowed.set(concurrency);
      series.held.set(heldSeconds);
    },
    beforeAnswered(labels, verdict, seconds) {
      const series = before.of(labels);
      series.verdict(verdict).inc();
      series.seconds.observe(seconds);
    },
    beforeBreaker: (labels, state) => before.of(labels).breaker.set(BREAKER_VALUE[state]),
    forgetBefore: (labels) => before.forget(labels),
    forget: (labels) => endpoints.forget(labels),
    contentType: registry.contentType,
    async render() {
      await refreshStore();
      return registry.metrics();
    },
  };
}
