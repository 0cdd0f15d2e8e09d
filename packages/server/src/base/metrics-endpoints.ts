import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { bounded, OTHER } from './metrics-bounded.ts';

const ATTEMPT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];
/** Up to the age at which an event becomes a dead letter by default (72 h). */
const DELAY_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 300, 3_600, 21_600, 86_400, 259_200];

/** As many as a configuration may have; endpoints made later are counted together. */
const MAX_ENDPOINTS = 1_000;
const MAX_VERDICTS = 64;

/** Names an endpoint in a metric. Group ids, user ids and message ids never become labels: there are too many of them. */
export interface EndpointLabels {
  readonly app: number;
  readonly endpoint: string;
}

/** The metrics of one endpoint, labels bound once. */
export interface EndpointSeries {
  attempt(verdict: string): Counter.Internal;
  readonly attemptSeconds: Histogram.Internal<string>;
  readonly delay: Histogram.Internal<string>;
  readonly warnings: Counter.Internal;
  deadLetter(reason: string): Counter.Internal;
  readonly breaker: Gauge.Internal<string>;
  readonly lanes: Gauge.Internal<string>;
  readonly allowed: Gauge.Internal<string>;
  readonly held: Gauge.Internal<string>;
  /** Takes everything off the page. */
  remove(): void;
}

/** Finds the metrics of an endpoint: two look-ups in maps and no allocation. */
export class EndpointMetrics {
  readonly #metrics: Families;
  readonly #byApp = new Map<number, Map<string, EndpointSeries>>();
  #count = 0;
  #other: EndpointSeries | undefined;

  constructor(registry: Registry) {
    this.#metrics = families(registry);
  }

  of({ app, endpoint }: EndpointLabels): EndpointSeries {
    return this.#byApp.get(app)?.get(endpoint) ?? this.#add(app, endpoint);
  }

  /** An endpoint that is gone is no longer shown. */
  forget({ app, endpoint }: EndpointLabels): void {
    const ofApp = this.#byApp.get(app);
    const series = ofApp?.get(endpoint);
    if (series === undefined) return;
    series.remove();
    ofApp?.delete(endpoint);
    this.#count -= 1;
  }

  #add(app: number, endpoint: string): EndpointSeries {
    if (this.#count >= MAX_ENDPOINTS) {
      this.#other ??= bind(this.#metrics, OTHER, OTHER);
      return this.#other;
    }
    const series = bind(this.#metrics, String(app), endpoint);
    const ofApp = this.#byApp.get(app) ?? new Map<string, EndpointSeries>();
    this.#byApp.set(app, ofApp.set(endpoint, series));
    this.#count += 1;
    return series;
  }
}

type Families = ReturnType<typeof families>;

function families(registry: Registry) {
  const labelNames = ['app', 'endpoint'];
  const registers = [registry];
  return {
    attempts: new Counter({
      name: 'confab_webhook_attempts_total',
      help: 'Delivery attempts that ended, by verdict (delivered, or why not).',
      labelNames: [...labelNames, 'verdict'],
      registers,
    }),
    attemptSeconds: new Histogram({
      name: 'confab_webhook_attempt_duration_seconds',
      help: 'Time of one delivery attempt: connect, send, answer.',
      labelNames,
      buckets: ATTEMPT_SECONDS,
      registers,
    }),
    delay: new Histogram({
      name: 'confab_webhook_delay_seconds',
      help: 'Time from the commit of an event to the end of its delivery.',
      labelNames,
      buckets: DELAY_SECONDS,
      registers,
    }),
    warnings: new Counter({
      name: 'confab_webhook_answer_warnings_total',
      help: 'Delivered, but the body of the 2xx answer was not the documented one.',
      labelNames,
      registers,
    }),
    deadLetters: new Counter({
      name: 'confab_webhook_dead_letters_total',
      help: 'Events that became dead letters, by reason.',
      labelNames: [...labelNames, 'reason'],
      registers,
    }),
    breaker: new Gauge({
      name: 'confab_webhook_breaker_state',
      help: 'Breaker of the endpoint: 0 closed, 1 half-open, 2 open.',
      labelNames,
      registers,
    }),
    lanes: new Gauge({
      name: 'confab_webhook_lanes_in_memory',
      help: 'Lanes that the dispatcher works on now.',
      labelNames,
      registers,
    }),
    allowed: new Gauge({
      name: 'confab_webhook_concurrency_allowed',
      help: 'Attempts that may be under way; fewer than configured while the receiver answers 429 or 503.',
      labelNames,
      registers,
    }),
    held: new Gauge({
      name: 'confab_webhook_held_seconds',
      help: 'Seconds until the receiver wants to be called again (Retry-After of a 429 or 503); 0 when it may be.',
      labelNames,
      registers,
    }),
  };
}

function bind(metrics: Families, app: string, endpoint: string): EndpointSeries {
  const verdicts: string[] = [];
  const reasons: string[] = [];
  const { attempts, deadLetters, attemptSeconds, delay, warnings, breaker, lanes, allowed, held } = metrics;
  return {
    attempt: bounded(MAX_VERDICTS, (verdict) => {
      verdicts.push(verdict);
      return attempts.labels(app, endpoint, verdict);
    }),
    deadLetter: bounded(MAX_VERDICTS, (reason) => {
      reasons.push(reason);
      return deadLetters.labels(app, endpoint, reason);
    }),
    attemptSeconds: attemptSeconds.labels(app, endpoint),
    delay: delay.labels(app, endpoint),
    warnings: warnings.labels(app, endpoint),
    breaker: breaker.labels(app, endpoint),
    lanes: lanes.labels(app, endpoint),
    allowed: allowed.labels(app, endpoint),
    held: held.labels(app, endpoint),
    remove() {
      for (const verdict of verdicts) attempts.remove(app, endpoint, verdict);
      for (const reason of reasons) deadLetters.remove(app, endpoint, reason);
      for (const family of [attemptSeconds, delay, warnings, breaker, lanes, allowed, held])
        family.remove(app, endpoint);
    },
  };
}
