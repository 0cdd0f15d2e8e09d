import type { Endpoint } from '../../src/domain/endpoint.ts';
import type { SendRequest } from '../../src/webhook/sender.ts';
import type { SimulatedSender } from './network.ts';
import type { Process } from './process.ts';

/** One event of a request, as its receiver reads it. */
export interface SentEvent {
  readonly seq: number;
  /** The event before it on its lane; only in the dialect `standard`. */
  readonly prev?: number;
  readonly tombstone: boolean;
}

/** A request as the model sees it. */
export interface Request {
  readonly process: Process;
  readonly sender: SimulatedSender;
  readonly endpoint: Endpoint;
  readonly streamId: number;
  /** What the process worked on its lane under when it began. */
  readonly tenure: number;
  /** Of the first of its events. */
  readonly seq: number;
  readonly events: readonly [SentEvent, ...SentEvent[]];
  readonly replay: boolean;
}

interface Envelope {
  readonly type: string;
  readonly stream: number;
  readonly seq: number;
  readonly prev: number;
}

/** Reads what is sent. */
export function readRequest(
  process: Process,
  sender: SimulatedSender,
  endpoint: Endpoint,
  { headers, body }: SendRequest,
): Request {
  const replay = headers['confab-replay'] === 'true';
  const from = { process, sender, endpoint, replay };
  if (endpoint.settings.dialect !== 'standard') {
    const [, stream = '', text = ''] = headers['webhook-id']?.split('-') ?? [];
    const seq = Number(text);
    const streamId = Number(stream);
    const tenure = process.tenureOf(streamId);
    return { ...from, streamId, tenure, seq, events: [{ seq, tombstone: false }] };
  }
  const sent = JSON.parse(body) as Envelope | { readonly type: 'batch'; readonly events: Envelope[] };
  const envelopes = 'events' in sent ? sent.events : [sent];
  const [first, ...others] = envelopes.map(
    ({ type, seq, prev }): SentEvent => ({ seq, prev, tombstone: type === 'tombstone' }),
  );
  if (first === undefined) throw new Error('a batch of nothing was sent');
  const streamId = envelopes[0]?.stream ?? 0;
  return {
    ...from,
    streamId,
    tenure: process.tenureOf(streamId),
    seq: first.seq,
    events: [first, ...others],
  };
}

/** May the receiver's position move the lane? A replay stands outside its order, and without an order there is no "through". */
export function isChained({ endpoint, replay }: Request): boolean {
  const { dialect, order } = endpoint.settings;
  return dialect === 'standard' && order === 'group' && !replay;
}

/** Its process has lost the lease that it was begun under, and knows it: what becomes of it is nothing of that process's any more. */
export function isDropped({ process, streamId, tenure }: Request): boolean {
  return process.tenureOf(streamId) !== tenure;
}
