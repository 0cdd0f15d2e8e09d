import type { Clock } from '../base/clock.ts';
import type { Tracing } from '../base/tracing.ts';
import type { BeforeState, Pending } from '../domain/before-webhook.ts';
import {
  abandonProbe,
  afterFailure,
  afterSuccess,
  type Breaker,
  CLOSED,
  startProbe,
} from '../domain/breaker.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { BeforeKind } from '../domain/event-kinds.ts';
import type { WebhookProxy } from '../domain/proxy.ts';
import type { Rules } from '../domain/rules.ts';
import { type BeforeEncode, createBeforeEncoder } from './before-encode.ts';
import { judge } from './before-judge.ts';
import { type BeforeFailure, beforeFailure, type Judgement } from './before-judgement.ts';
import { type BeforeObserver, verdictOf } from './before-observer.ts';
import { endBeforeSpan, startBeforeSpan } from './before-span.ts';
import { connectionSettings } from './connection-settings.ts';
import { withTraceparent } from './request.ts';
import { createSender, type Outcome, type Sender } from './sender.ts';

export interface BeforeDeps {
  readonly clock: Clock;
  readonly rules: Pick<Rules, 'messageBytes'>;
  readonly observer: BeforeObserver;
  readonly proxies?: readonly WebhookProxy[];
  readonly tracing?: Tracing;
}

/** Questions that may wait for a connection beside those under way; with more, the failure policy applies at once. */
const MAX_WAITING = 4_096;
const ANSWER_BYTES = 65_536;
/** A rewritten message written with an escape for every character is six times as long as it is. */
const BYTES_PER_MESSAGE_BYTE = 8;

/**
 * One endpoint that is asked before something happens. It has connections and a breaker of its own, apart from those of its
 * deliveries: while the breaker is open nothing is asked, and the first question after `probeEveryMs` is the probe.
 */
export class BeforeEndpoint {
  readonly endpoint: Endpoint;
  readonly #deps: BeforeDeps;
  readonly #sender: Sender;
  readonly #encode: BeforeEncode;
  readonly #verdicts = new Map<string, number>();
  readonly #quiet = Promise.withResolvers<void>();
  #breaker: Breaker = CLOSED;
  #inFlight = 0;
  #users = 0;
  #retired = false;

  constructor(endpoint: Endpoint, deps: BeforeDeps) {
    this.endpoint = endpoint;
    this.#deps = deps;
    this.#encode = createBeforeEncoder(endpoint.settings);
    this.#sender = createSender({
      clock: deps.clock,
      ...connectionSettings(endpoint.settings, deps.proxies),
      answerLimitBytes: Math.max(ANSWER_BYTES, deps.rules.messageBytes * BYTES_PER_MESSAGE_BYTE),
    });
  }

  get state(): BeforeState {
    return {
      app: this.endpoint.app,
      endpoint: this.endpoint.settings.name,
      breaker: this.#breaker.state,
      inFlight: this.#inFlight,
      verdicts: Object.fromEntries(this.#verdicts),
    };
  }

  /** Does some work with this endpoint; `retire` waits for it, so that its questions all find it open. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.#users += 1;
    try {
      return await work();
    } finally {
      this.#users -= 1;
      if (this.#retired && this.#users === 0) this.#quiet.resolve();
    }
  }

  /** Asks once, within the endpoint's time-out. Never rejects. */
  async ask(
    kind: BeforeKind,
    pending: Pending,
    traceparent: string | undefined,
  ): Promise<Judgement | 'aborted'> {
    const { clock } = this.#deps;
    const startedAt = clock.monotonic();
    const admitted = this.#admit();
    const judgement =
      typeof admitted === 'object' ? admitted : await this.#ask(kind, pending, admitted, traceparent);
    if (judgement === 'aborted') return judgement;
    const word = verdictOf(judgement);
    this.#verdicts.set(word, (this.#verdicts.get(word) ?? 0) + 1);
    const durationMs = clock.monotonic() - startedAt;
    this.#deps.observer.answered(this.endpoint, { kind, pending, judgement, durationMs });
    return judgement;
  }

  /** Lets those who use it end, then closes the connections. */
  async retire(): Promise<void> {
    this.#retired = true;
    if (this.#users > 0) await this.#quiet.promise;
    await this.#sender.close();
  }

  /** Ends the questions under way as `aborted`. */
  abort(): Promise<void> {
    return this.#sender.destroy();
  }

  /** Whether this question may be asked, and as what. */
  #admit(): 'ordinary' | 'probe' | BeforeFailure {
    const { concurrency } = this.endpoint.settings;
    if (this.#inFlight >= concurrency + MAX_WAITING) {
      return beforeFailure('too_many_waiting', `${MAX_WAITING} questions wait for this endpoint already`);
    }
    const before = this.#breaker;
    this.#breaker = startProbe(before, this.#deps.clock.monotonic());
    if (this.#breaker !== before) return 'probe';
    if (before.state === 'closed') return 'ordinary';
    return beforeFailure('breaker_open', 'the endpoint failed too often; it is tried again soon');
  }

  async #ask(
    kind: BeforeKind,
    pending: Pending,
    role: 'ordinary' | 'probe',
    parent: string | undefined,
  ): Promise<Judgement | 'aborted'> {
    const { rules, clock, tracing } = this.#deps;
    const { endpoint } = this;
    const waits = this.#inFlight >= endpoint.settings.concurrency;
    const span = tracing && startBeforeSpan({ tracing, parent }, endpoint, kind, pending, clock.now());
    this.#inFlight += 1;
    const outcome = await this.#send(kind, pending, span?.traceparent);
    this.#inFlight -= 1;
    const aborted = outcome.kind === 'failed' && outcome.stage === 'aborted';
    const judgement = aborted ? 'aborted' : judge({ kind, endpoint, pending, rules }, outcome, clock.now());
    if (span !== undefined) endBeforeSpan(span, clock.now(), outcome, judgement);
    if (judgement === 'aborted') return judgement;
    // A question that never got a connection of its own says something about the load, not about the endpoint.
    const unasked =
      waits && outcome.kind === 'failed' && outcome.code === 'TIMEOUT' && outcome.stage === 'connect';
    this.#learn(judgement, role, unasked);
    return judgement;
  }

  async #send(kind: BeforeKind, pending: Pending, traceparent: string | undefined): Promise<Outcome> {
    try {
      const request = await this.#encode(kind, this.endpoint.app, pending, this.#deps.clock.now());
      return await this.#sender.send(withTraceparent(request, traceparent));
    } catch (error) {
      return { kind: 'failed', stage: 'send', code: 'ENCODE', message: String(error), durationMs: 0 };
    }
  }

  /** A well-formed answer proves the endpoint alive, also when the rewrite in it breaks a rule: that is about one message. */
  #learn(judgement: Judgement, role: 'ordinary' | 'probe', unasked: boolean): void {
    const { clock, observer } = this.#deps;
    const policy = this.endpoint.settings.breaker;
    const before = this.#breaker.state;
    const at = clock.monotonic();
    if (unasked) {
      if (role === 'probe') this.#breaker = abandonProbe(this.#breaker, policy, at);
      return;
    }
    if (judgement.kind !== 'failed' || judgement.verdict === 'bad_rewrite') {
      this.#breaker = afterSuccess(this.#breaker);
      if (before !== 'closed') observer.breaker(this.endpoint, 'closed');
      return;
    }
    // A late failure of a question from before the breaker opened tells nothing new while the probe is out.
    if (before === 'probing' && role !== 'probe') return;
    const after = afterFailure(this.#breaker, policy, at);
    this.#breaker = after;
    if (before === 'closed' && after.state === 'open') observer.breaker(this.endpoint, 'open');
  }
}
