import type { Breaker } from '../domain/breaker.ts';
import type { Endpoint } from '../domain/endpoint.ts';

/** What people and metrics may see of an endpoint, as it is when they look. */
export interface EndpointState {
  readonly endpoint: Endpoint;
  readonly breaker: Breaker['state'];
  readonly lanesInMemory: number;
  readonly inFlight: number;
  /** Attempts that may be under way: fewer than `concurrency` of the settings while the receiver says "too much". */
  readonly allowed: number;
  /** Milliseconds until the receiver wants to be called again; 0 unless it asked for a pause. */
  readonly heldForMs: number;
}
