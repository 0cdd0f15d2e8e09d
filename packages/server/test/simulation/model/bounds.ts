import type { EndpointState } from '../../../src/webhook/endpoint-state.ts';
import type { Violation } from '../violation.ts';

/** Lanes in memory: `max(2 * concurrency, WINDOW)` and the probe. */
const WINDOW = 128;

/** What a dispatcher holds beyond its bounds, for so many places. */
export function overBounds(states: readonly EndpointState[], places: number): Violation | undefined {
  let underWay = 0;
  for (const { endpoint, lanesInMemory, inFlight } of states) {
    underWay += inFlight;
    const { concurrency, name } = endpoint.settings;
    if (lanesInMemory > Math.max(2 * concurrency, WINDOW) + 1)
      return { rule: 'memory-window', why: `"${name}" holds ${lanesInMemory} lanes in memory` };
    if (inFlight > concurrency)
      return { rule: 'concurrency', why: `"${name}" counts ${inFlight} attempts under way` };
  }
  if (underWay <= places + states.length) return undefined;
  return { rule: 'concurrency', why: `${underWay} attempts are under way, for ${places} places` };
}
