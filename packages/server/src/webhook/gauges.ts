import type { EndpointLabels, Metrics } from '../base/metrics.ts';
import type { EndpointState } from './endpoint-state.ts';

/** Brings the gauges of the endpoints up to date; called at each scrape. Endpoints that are gone leave the page. */
export function endpointGauges(metrics: Metrics): (states: readonly EndpointState[]) => void {
  let shown = new Map<number, EndpointLabels>();
  return (states) => {
    const now = new Map<number, EndpointLabels>();
    for (const { endpoint, breaker, lanesInMemory, allowed, heldForMs } of states) {
      const labels = { app: endpoint.app, endpoint: endpoint.settings.name };
      now.set(endpoint.id, labels);
      metrics.lanesInMemory(labels, lanesInMemory);
      metrics.allowance(labels, allowed, heldForMs / 1000);
      metrics.breaker(labels, breaker === 'probing' ? 'half-open' : breaker);
    }
    for (const [id, labels] of shown) if (!now.has(id)) metrics.forget(labels);
    shown = now;
  };
}
