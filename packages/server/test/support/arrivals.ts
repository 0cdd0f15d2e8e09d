import type { RecordedRequest, Reply } from './scripted-receiver.ts';

/** A webhook as it arrived at the scripted receiver, in any dialect. */
export interface Arrival {
  /** First segment of the path: the endpoint's name. */
  readonly path: string;
  readonly group: string;
  readonly msgSeq: number;
  /** The `webhook-id`. */
  readonly id: string;
  readonly replay: boolean;
  /** How many requests for this event arrived at this path before. */
  readonly before: number;
  readonly request: RecordedRequest;
}

export type ArrivalScript = (arrival: Arrival) => Reply;

/** Reads a request; `counts` remembers how often each event arrived at each path. */
export function arrivalOf(request: RecordedRequest, counts: Map<string, number>): Arrival {
  const path = request.url.split(/[/?]/)[1] ?? '';
  const body = JSON.parse(request.body) as Record<string, unknown>;
  const id = String(request.headers['webhook-id']);
  const before = counts.get(`${path} ${id}`) ?? 0;
  counts.set(`${path} ${id}`, before + 1);
  return {
    path,
    group: String(body.GroupId ?? body.groupID ?? body.groupId),
    msgSeq: Number(body.MsgSeq ?? body.msgSeq ?? body.seq),
    id,
    replay: request.headers['confab-replay'] === 'true',
    before,
    request,
  };
}

/** Will this reply not end by itself? */
export function isStuck(reply: Reply): boolean {
  if (typeof reply === 'string') return reply === 'hang';
  return ('half' in reply && reply.ending === 'hang') || ('until' in reply && reply.until !== undefined);
}
