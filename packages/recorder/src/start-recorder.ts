import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  GROUP_CHANGE_KINDS,
  type GroupEvent,
  type GroupMessageSent,
  type Tombstone,
} from '@confab-im/protocol';
import {
  type Clock,
  createReceiver,
  type Delivery,
  type Handlers,
  type KeyedDelivery,
  type Receiver,
  systemClock,
  type VerifyOptions,
} from '@confab-im/receiver';
import { nodeHttp } from '@confab-im/receiver/node-http';
import { arrivalOf } from './arrival.ts';
import { type Inbox, type Noted, openInbox, type Recorded } from './inbox.ts';
import { noteOf } from './note.ts';
import type { Stats, StatsOptions } from './stats.ts';
import { statsThreads } from './stats-threads.ts';
import { createTally, type Problem, type RequestCounts, type Tally } from './tally.ts';
import { type ViewSources, view, viewFailed } from './views.ts';

/** What is told of a message that has just been recorded. */
export interface RecordedInfo extends Omit<Recorded, 'duplicate'> {
  /** From the event at the sender to recorded here, in milliseconds; without `EventTime`, from `MsgTime`, in whole seconds. */
  readonly delayMs: number;
  readonly delivery: KeyedDelivery;
}

/** What is told of another event that has just been recorded. */
export interface NotedInfo extends Omit<Noted, 'duplicate'> {
  readonly delivery: Delivery;
}

export interface RecorderOptions
  extends Pick<
    VerifyOptions,
    'sdkAppId' | 'authToken' | 'openImSecret' | 'signingKeys' | 'requireSignature' | 'endpoint' | 'dialects'
  > {
  /** Port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Path of the inbox; its folder must exist. */
  readonly file: string;
  /** Told of each message once, after its commit. What it throws is dropped. */
  readonly onRecorded?: ((event: GroupMessageSent, info: RecordedInfo) => void) | undefined;
  /** The same of what happens to groups besides. */
  readonly onEvent?: ((event: GroupEvent | Tombstone, info: NotedInfo) => void) | undefined;
  /** Told of each request that was refused or could not be written. What it throws is dropped. */
  readonly onProblem?: ((problem: Problem) => void) | undefined;
  readonly clock?: Clock | undefined;
}

export interface Recorder {
  /** Where webhooks are to be sent, and pages read: `http://127.0.0.1:7701`. */
  readonly url: string;
  /** What the inbox holds; counted in a thread of its own. */
  stats(options?: StatsOptions): Promise<Stats>;
  /** What became of the requests since the start. */
  requests(): RequestCounts;
  /** Takes no more requests, answers those that are here (5 s at most), and closes the file. May be called twice. */
  close(): Promise<void>;
}

/** A sender sends a few kilobytes at once; whoever is slower than this only holds a connection. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Longer than senders keep an idle connection, so that it is never us who close one that is being used. */
const KEEP_ALIVE_MS = 75_000;
const MAX_CONNECTIONS = 1024;
const CLOSE_BUDGET_MS = 5_000;

/**
 * Starts the ready-made app backend: takes webhooks at any path, verifies them, and answers when the message is on disk.
 * Rejects with an `InboxError` about the file, a `TypeError` about the options, or an `Error` about the address.
 */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  const { clock = systemClock(), file } = options;
  const tally = createTally();
  const inbox = openInbox(file, { clock });
  const threads = statsThreads(file);
  try {
    const receiver = recordingReceiver(options, inbox, tally, clock);
    const sources: ViewSources = { inbox, stats: threads.stats, counts: tally.counts };
    const server = recorderServer(receiver, sources);
    const url = await listen(server, options.listen);
    const close = async () => {
      await closeServer(server, clock);
      await receiver.drain();
      await threads.idle();
      inbox.close();
    };
    let closed: Promise<void> | undefined;
    return {
      url,
      stats: (statsOptions = {}) => threads.stats(statsOptions),
      requests: tally.counts,
      close: () => (closed ??= close()),
    };
  } catch (error) {
    inbox.close();
    throw error;
  }
}

function recordingReceiver(options: RecorderOptions, inbox: Inbox, tally: Tally, clock: Clock): Receiver {
  const { sdkAppId, authToken, openImSecret, signingKeys, requireSignature, endpoint, dialects } = options;
  const { onRecorded, onEvent, onProblem } = options;
  const appOf = ({ lane }: Delivery) => lane?.app ?? sdkAppId ?? 0;
  const note = async (event: GroupEvent | Tombstone, delivery: Delivery): Promise<void> => {
    const { duplicate, ...noted } = await inbox.note(noteOf(event, delivery, appOf(delivery)));
    tally.recorded(duplicate);
    if (!duplicate) tell(() => onEvent?.(event, { ...noted, delivery }));
  };
  return createReceiver({
    ...{ sdkAppId, authToken, openImSecret, signingKeys, requireSignature, endpoint, dialects, clock },
    // The unique index of the inbox tells copies apart in the transaction that records, so no second memory is needed.
    dedupe: false,
    on: {
      ...everyChange(note),
      tombstone: note,
      'group.message.sent': async (event, delivery) => {
        const recorded = await inbox.record(arrivalOf(event, delivery, appOf(delivery)));
        tally.recorded(recorded.duplicate);
        if (!recorded.duplicate) tell(() => onRecorded?.(event, infoOf(event, delivery, recorded)));
      },
    },
    observe: (outcome) => {
      const problem = tally.add(outcome);
      if (problem) tell(() => onProblem?.(problem));
    },
  });
}

/** One handler for all kinds of changes. */
function everyChange(handler: (event: GroupEvent, delivery: Delivery) => Promise<void>): Handlers {
  return Object.fromEntries(GROUP_CHANGE_KINDS.map((kind) => [kind, handler]));
}

function infoOf(event: GroupMessageSent, delivery: KeyedDelivery, told: Recorded): RecordedInfo {
  const { duplicate: _, ...recorded } = told;
  const { eventTime = event.msgTime * 1000 } = event;
  return { ...recorded, delayMs: recorded.recordedAt - eventTime, delivery };
}

/** A listener must not turn a recorded message into an error, which would have it sent again. */
function tell(listener: () => void): void {
  try {
    listener();
  } catch {
    // Documented at the options: what a listener throws is dropped.
  }
}

function recorderServer(receiver: Receiver, sources: ViewSources): Server {
  const receive = nodeHttp(receiver);
  const server = createServer((request, response) => {
    if (request.method === 'POST') receive(request, response);
    else view(sources, request, response).catch((error: unknown) => viewFailed(response, error));
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

function listen(server: Server, { host, port }: RecorderOptions['listen']): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, () => {
      const { port: actual } = server.address() as AddressInfo;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actual}`);
    });
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const why =
    error.code === 'EADDRINUSE'
      ? 'another program listens there. Stop it, or choose another port'
      : error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND'
        ? 'this machine has no such address. Use 127.0.0.1, or 0.0.0.0 for every network'
        : error.code === 'EACCES'
          ? 'this user may not use that port. Choose one above 1023'
          : error.message;
  return new Error(`The recorder cannot listen on ${host}:${port}: ${why}.`, { cause: error });
}

function closeServer(server: Server, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(CLOSE_BUDGET_MS, () => server.closeAllConnections());
    server.close(() => {
      timer.cancel();
      resolve();
    });
  });
}
