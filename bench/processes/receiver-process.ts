/**
 * A bare app backend: `receiver-process.ts PORT answer|hang`. It answers every webhook OK, or never, and does what the yardstick's
 * receiver does with it: parse, count, check the order of `MsgSeq` within each group. Asked anything, it tells its counts.
 */
import { createServer } from 'node:http';

export interface ReceiverCounts {
  /** Webhooks so far. */
  readonly received: number;
  /** A number was left out. */
  readonly outOfOrder: number;
  /** A number came again. */
  readonly repeated: number;
  /** Unix ms of the first and of the latest one; 0 before. */
  readonly firstAt: number;
  readonly lastAt: number;
}

const [port, mode] = process.argv.slice(2);
const OK = Buffer.from('{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}');
const lastOfGroup = new Map<string, number>();
let received = 0;
let outOfOrder = 0;
let repeated = 0;
let firstAt = 0;
let lastAt = 0;

function count(body: string): void {
  const { GroupId, MsgSeq } = JSON.parse(body) as { GroupId: string; MsgSeq: number };
  const last = lastOfGroup.get(GroupId) ?? 0;
  received += 1;
  lastAt = Date.now();
  if (firstAt === 0) firstAt = lastAt;
  if (MsgSeq <= last) {
    repeated += 1;
    return;
  }
  if (MsgSeq !== last + 1) outOfOrder += 1;
  lastOfGroup.set(GroupId, MsgSeq);
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    count(Buffer.concat(chunks).toString());
    if (mode === 'hang') return;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': OK.length });
    response.end(OK);
  });
});

process.on('message', () => {
  const counts: ReceiverCounts = { received, outOfOrder, repeated, firstAt, lastAt };
  process.send?.(counts);
});
server.listen(Number(port), '127.0.0.1', () => process.send?.('listening'));
