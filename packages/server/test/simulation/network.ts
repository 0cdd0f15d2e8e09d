import type { Endpoint } from '../../src/domain/endpoint.ts';
import type { Outcome, Sender, SendRequest } from '../../src/webhook/sender.ts';
import type { Appointment } from './agenda.ts';
import type { SendFault } from './plan.ts';
import type { Process } from './process.ts';
import { type Request, readRequest } from './request.ts';
import type { World } from './world.ts';

const OK = '{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}';
const FAILED = '{"ActionStatus":"FAIL","ErrorInfo":"busy","ErrorCode":1}';
const RETRY_AFTER_S = 2;

type Failed = readonly [stage: 'connect' | 'dns' | 'headers' | 'body', code: string];

interface Fate {
  /** The receiver gets and processes it. */
  readonly processed: boolean;
  /** What the sender hears; nothing: it runs into its time-out. */
  readonly answer?: {
    readonly status: number;
    readonly body: string;
    readonly retryAfter?: string;
    readonly truncated?: true;
  };
  readonly failed?: Failed;
}

const FATES: Readonly<Record<SendFault | 'none', Fate>> = {
  none: { processed: true, answer: { status: 200, body: OK } },
  'crash-on-start': { processed: true },
  'crash-on-arrival': { processed: true },
  'crash-on-answer': { processed: true, answer: { status: 200, body: OK } },
  refused: { processed: false, failed: ['connect', 'ECONNREFUSED'] },
  'dns-error': { processed: false, failed: ['dns', 'ENOTFOUND'] },
  'reset-unprocessed': { processed: false, failed: ['headers', 'ECONNRESET'] },
  'reset-processed': { processed: true, failed: ['headers', 'CONNECTION_CLOSED'] },
  'hang-unprocessed': { processed: false },
  'hang-processed': { processed: true },
  'arrives-after-time-out': { processed: true },
  'half-answer': { processed: true, failed: ['body', 'ANSWER_INCOMPLETE'] },
  'status-500': { processed: false, answer: { status: 500, body: 'oops' } },
  'status-503-processed': { processed: true, answer: { status: 503, body: '' } },
  'status-410': { processed: false, answer: { status: 410, body: '' } },
  'status-429-retry-after': {
    processed: false,
    answer: { status: 429, body: '', retryAfter: String(RETRY_AFTER_S) },
  },
  'wrong-json': { processed: true, answer: { status: 200, body: '{"ActionStatus":' } },
  'says-failed': { processed: true, answer: { status: 200, body: FAILED } },
  'endless-answer': { processed: true, answer: { status: 200, body: OK, truncated: true } },
  slow: { processed: true, answer: { status: 200, body: OK } },
  'part-applied': { processed: true, answer: { status: 200, body: OK } },
  restored: { processed: true, answer: { status: 200, body: OK } },
  wiped: { processed: true, answer: { status: 200, body: OK } },
  ahead: { processed: true, answer: { status: 200, body: OK } },
  'beyond-head': { processed: true, answer: { status: 200, body: OK } },
  'garbage-position': { processed: true, answer: { status: 200, body: OK } },
};

/** The sender of one endpoint and the wire and receiver behind it. */
export class SimulatedSender implements Sender {
  readonly endpoint: Endpoint;
  readonly process: Process;
  readonly #world: World;
  readonly #underWay = new Set<Exchange>();
  #idle = Promise.withResolvers<void>();
  #closed = false;

  constructor(world: World, process: Process, endpoint: Endpoint) {
    this.#world = world;
    this.process = process;
    this.endpoint = endpoint;
  }

  get inFlight(): number {
    return this.#underWay.size;
  }

  send(sent: SendRequest): Promise<Outcome> {
    if (this.#closed) return Promise.resolve(failed('aborted', 'CLOSED', 0));
    const request = readRequest(this.process, this, this.endpoint, sent);
    const exchange = new Exchange(this.#world, request);
    this.#underWay.add(exchange);
    return exchange.begin(() => {
      this.#underWay.delete(exchange);
      if (this.#underWay.size > 0) return;
      this.#idle.resolve();
      this.#idle = Promise.withResolvers();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#underWay.size > 0) await this.#idle.promise;
  }

  async destroy(): Promise<void> {
    this.#closed = true;
    for (const exchange of this.#underWay) exchange.abort();
  }
}

/** One request on its way, to the receiver and back. */
class Exchange {
  readonly #world: World;
  readonly #request: Request;
  readonly #begunAt: number;
  readonly #outcome = Promise.withResolvers<Outcome>();
  readonly #waits: Appointment[] = [];
  #whenEnded: () => void = () => {};
  #ended = false;

  constructor(world: World, request: Request) {
    this.#world = world;
    this.#request = request;
    this.#begunAt = world.agenda.now;
  }

  begin(whenEnded: () => void): Promise<Outcome> {
    this.#whenEnded = whenEnded;
    const { model, agenda, random, faults, outages } = this.#world;
    const { process, endpoint } = this.#request;
    const { name, timeoutMs } = endpoint.settings;
    model.started(this.#request);
    const struck = faults.meet('send', callOf(this.#request));
    const kind = (struck ?? outages.get(name) ?? 'none') as SendFault | 'none';
    const wayMs = random.chance(0.6) ? 0 : random.between(1, 8);
    if (kind === 'crash-on-start') agenda.after(0, () => this.#world.crash(process));
    this.#wait(timeoutMs, failed('headers', 'TIMEOUT', timeoutMs));
    if (FATES[kind].processed) {
      const late = kind === 'arrives-after-time-out' ? timeoutMs + random.between(0, 100) : wayMs;
      agenda.after(late, () => this.#arrive(kind, wayMs));
    } else this.#hear(FATES[kind], 2 * wayMs);
    return this.#outcome.promise;
  }

  abort(): void {
    this.#end(failed('aborted', 'DESTROYED', this.#world.agenda.now - this.#begunAt));
  }

  /** The receiver gets it, whether or not anybody still waits for its answer: what left a process that died may arrive. */
  #arrive(kind: SendFault | 'none', wayMs: number): void {
    const { model, random, agenda, receivers } = this.#world;
    const { process, endpoint } = this.#request;
    if (!process.alive && random.chance(0.5)) return;
    const taken = receivers.take(this.#request, kind);
    model.processed(this.#request, taken);
    if (kind === 'crash-on-arrival') this.#world.crash(process);
    if (kind === 'crash-on-answer') agenda.after(wayMs, () => this.#world.crash(process));
    this.#hear(FATES[kind], kind === 'slow' ? endpoint.settings.timeoutMs - 20 : wayMs, taken.position);
  }

  /** What comes back, unless the time-out is faster. */
  #hear({ answer, failed: failure }: Fate, ms: number, position?: string): void {
    const durationMs = this.#world.agenda.now + ms - this.#begunAt;
    if (failure !== undefined) this.#wait(ms, failed(failure[0], failure[1], durationMs));
    if (answer === undefined) return;
    const { status, body, retryAfter, truncated = false } = answer;
    const headers = retryAfter === undefined ? {} : { retryAfter };
    const said = position === undefined ? {} : this.#place(position);
    this.#wait(ms, { kind: 'answer', status, body, truncated, durationMs, ...headers, ...said });
  }

  /** A position goes in a header, or in the body of who reads one there. */
  #place(position: string): { readonly position: string } | { readonly body: string } {
    const { dialect } = this.#request.endpoint.settings;
    if (dialect !== 'standard' || this.#world.random.chance(0.5)) return { position };
    const appliedThrough = /^\d+$/.test(position) ? Number(position) : position;
    return { body: JSON.stringify({ appliedThrough }) };
  }

  #wait(ms: number, outcome: Outcome): void {
    const { agenda } = this.#world;
    this.#waits.push(agenda.after(ms, () => this.#end(outcome), this.#request.process));
  }

  #end(outcome: Outcome): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const wait of this.#waits) wait.cancelled = true;
    this.#whenEnded();
    this.#world.model.ended(this.#request, outcome);
    this.#outcome.resolve(outcome);
  }
}

/** What the coverage table calls it. */
function callOf({ events, replay }: Request): string {
  if (replay) return 'replayed event';
  if (events.length > 1) return 'batch';
  return events[0].tombstone ? 'tombstone' : 'event';
}

function failed(stage: Failed[0] | 'aborted', code: string, durationMs: number): Outcome {
  return { kind: 'failed', stage, code, message: `${stage}: ${code}`, durationMs };
}
