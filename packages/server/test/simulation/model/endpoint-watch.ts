import type { EndpointSettings } from '../../../src/domain/endpoint.ts';
import { isDropped, type Request } from '../request.ts';
import type { Violation } from '../violation.ts';

type State =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly probeAt: number }
  | { readonly kind: 'probing'; readonly probe: Request };

/** What the breaker, the concurrency and the rate of one endpoint allow, worked out from its requests alone. */
export class EndpointWatch {
  readonly #settings: EndpointSettings;
  #state: State = { kind: 'closed', failures: 0 };
  #starts: number[] = [];
  /** Virtual ms: a receiver that is overloaded asked not to be called before. */
  #heldUntil = 0;
  #inFlight = 0;
  /** Whether an attempt counted as failed could not be told: neither can be what the breaker does, until a success closes it. */
  #unsure = false;

  constructor(settings: EndpointSettings) {
    this.#settings = settings;
  }

  /** It is the breaker's probe, or may be. */
  mayBeProbe(request: Request): boolean {
    return this.#unsure || this.isProbe(request);
  }

  isProbe(request: Request): boolean {
    return this.#state.kind === 'probing' && this.#state.probe === request;
  }

  /** Virtual ms. */
  started(request: Request, at: number): Violation | undefined {
    this.#inFlight += 1;
    const { concurrency, name } = this.#settings;
    if (this.#inFlight > concurrency) {
      return {
        rule: 'concurrency',
        why: `${this.#inFlight} attempts under way at "${name}", which takes ${concurrency}`,
      };
    }
    return this.#held(request, at) ?? this.#tooFast(at) ?? this.#guarded(request, at);
  }

  ended(request: Request, how: 'delivered' | 'failed' | 'aborted' | 'unsure', at: number): void {
    this.#inFlight -= 1;
    if (how === 'aborted' && this.isProbe(request)) this.#unsure = true;
    const { failures: limit, probeEveryMs } = this.#settings.breaker;
    if (how === 'delivered') {
      this.#state = { kind: 'closed', failures: 0 };
      this.#unsure = false;
    }
    if (how === 'unsure') {
      this.#state = { kind: 'closed', failures: 0 };
      this.#unsure = true;
    }
    if (how !== 'failed' || this.#unsure) return;
    const open: State = { kind: 'open', probeAt: at + probeEveryMs };
    if (this.#state.kind === 'probing' && this.#state.probe === request) this.#state = open;
    if (this.#state.kind !== 'closed') return;
    const failures = this.#state.failures + 1;
    this.#state = failures >= limit ? open : { kind: 'closed', failures };
  }

  /** It was answered 429 or 503 and told to wait so long: that holds for all that goes to it. */
  holdFor(ms: number, at: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, at + Math.min(ms, this.#settings.retry.maxRetryAfterMs));
  }

  #held({ seq }: Request, at: number): Violation | undefined {
    const early = this.#heldUntil - at;
    if (early <= 0) return undefined;
    const why = `"${this.#settings.name}" was sent event ${seq} ${early} ms before its Retry-After allows`;
    return { rule: 'retry-delay', why };
  }

  #guarded(request: Request, at: number): Violation | undefined {
    const { name } = this.#settings;
    // A probe of a lane that is another node's by now counts as none; when the next one is due, its process knows.
    if (this.#state.kind === 'probing' && isDropped(this.#state.probe)) this.#unsure = true;
    if (this.#unsure) return undefined;
    if (this.#state.kind === 'probing') {
      return { rule: 'breaker', why: `"${name}" was sent event ${request.seq} beside the probe` };
    }
    if (this.#state.kind === 'closed') return undefined;
    if (at < this.#state.probeAt) {
      const early = this.#state.probeAt - at;
      return {
        rule: 'breaker',
        why: `"${name}" was sent event ${request.seq} ${early} ms before the probe was due`,
      };
    }
    this.#state = { kind: 'probing', probe: request };
    return undefined;
  }

  /** A bucket that holds one second's worth lets twice the rate through in no second. */
  #tooFast(at: number): Violation | undefined {
    const { ratePerSecond, name } = this.#settings;
    if (ratePerSecond === undefined) return undefined;
    this.#starts = this.#starts.filter((start) => start > at - 1_000);
    this.#starts.push(at);
    const most = 2 * Math.max(1, ratePerSecond);
    if (this.#starts.length <= most) return undefined;
    return {
      rule: 'rate',
      why: `"${name}" was begun ${this.#starts.length} attempts within 1 s at ${ratePerSecond}/s`,
    };
  }
}
