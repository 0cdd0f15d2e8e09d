import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { bounded, OTHER } from './metrics-bounded.ts';
import type { EndpointLabels } from './metrics-endpoints.ts';

/** Every question ends within the endpoint's time-out, 2 s or 5 s unless it says otherwise. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];
const MAX_ENDPOINTS = 1_000;
const MAX_VERDICTS = 64;

interface Series {
  verdict(verdict: string): Counter.Internal;
  readonly seconds: Histogram.Internal<string>;
  readonly breaker: Gauge.Internal<string>;
  remove(): void;
}

/** The metrics of endpoints that are asked before messages are sent. */
export class BeforeMetrics {
  readonly #byKey = new Map<string, Series>();
  readonly #make: (app: string, endpoint: string) => Series;
  #other: Series | undefined;

  constructor(registry: Registry) {
    const labelNames = ['app', 'endpoint'];
    const registers = [registry];
    const verdicts = new Counter({
      name: 'confab_before_webhook_verdicts_total',
      help: 'Before-webhooks by verdict: allowed, rewritten, refused, dropped, or why there was none.',
      labelNames: [...labelNames, 'verdict'],
      registers,
    });
    const seconds = new Histogram({
      name: 'confab_before_webhook_duration_seconds',
      help: 'Time that a before-webhook held up its message.',
      labelNames,
      buckets: SECONDS,
      registers,
    });
    const breaker = new Gauge({
      name: 'confab_before_webhook_breaker_state',
      help: 'Breaker of the endpoint for before-webhooks: 0 closed, 2 open.',
      labelNames,
      registers,
    });
    this.#make = (app, endpoint) => {
      const words: string[] = [];
      return {
        verdict: bounded(MAX_VERDICTS, (word) => {
          words.push(word);
          return verdicts.labels(app, endpoint, word);
        }),
        seconds: seconds.labels(app, endpoint),
        breaker: breaker.labels(app, endpoint),
        remove() {
          for (const word of words) verdicts.remove(app, endpoint, word);
          seconds.remove(app, endpoint);
          breaker.remove(app, endpoint);
        },
      };
    };
  }

  of({ app, endpoint }: EndpointLabels): Series {
    const key = `${app}/${endpoint}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    if (this.#byKey.size >= MAX_ENDPOINTS) {
      this.#other ??= this.#make(OTHER, OTHER);
      return this.#other;
    }
    const series = this.#make(String(app), endpoint);
    this.#byKey.set(key, series);
    return series;
  }

  forget({ app, endpoint }: EndpointLabels): void {
    const key = `${app}/${endpoint}`;
    this.#byKey.get(key)?.remove();
    this.#byKey.delete(key);
  }
}
