import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Command, ResultOf } from '../commands.ts';
import { StoreError } from '../errors.ts';
import type { StreamHint } from '../lanes.ts';
import type { Store } from '../store.ts';
import { streamHints } from './hints.ts';
import { readsBy } from './reads.ts';
import type { Answer, Ask, ReadAnswer, ReadAsk, WireError, WorkerStart } from './worker-protocol.ts';

export interface WorkerStoreOptions extends WorkerStart {
  /** Told after each transaction: how many commands it held and how long it took in ms. */
  onCommit?(commands: number, durationMs: number): void;
  /** Told when the worker died; every call fails from then on. */
  onDeath?(error: StoreError): void;
  /** Another script for the worker; the bench puts a slower disk into it. */
  readonly script?: URL;
}

/** Commands of one transaction at most; more wait for the next. */
const BATCH_LIMIT = 512;
/**
 * Batches under way. While one is written, all that comes gathers for the next. With a second one on its way to the worker, 64
 * connections get as many messages through on a fast disk, and 30 % fewer on one that takes 10 ms to write.
 */
const PIPELINE = 1;
/**
 * So many commands do not wait for the end of the turn: the worker begins while this thread still reads requests. Measured side
 * by side with 64 connections: 12 % more messages a second than with one batch a turn, where the threads wait for each other.
 */
const EAGER = 24;
/**
 * Reads that are asked in one turn travel together, but not more than these: a commit that comes after them has to wait for them.
 * With 64 connections that ask for a group each, this thread needs 35 µs an answer; with 16 reads together 41, for each message wakes
 * the worker; with 64 as many as with 32, but the threads wait for each other.
 */
const READS_TOGETHER = 32;
/**
 * Of the worker's young generation. V8 would take up to 48 MB for it; with 8 the process is 25 MB smaller while 1,000,000 groups
 * drain, at the same rate: a batch and its answers fit into it.
 */
const YOUNG_MB = 8;
const SOURCE_CONDITION = '--conditions=@confab-im/source';

/**
 * So many results are told in one turn of the event loop. Each means an answer and a webhook or more, about 0.1 ms: a batch of 512
 * at once would hold up every other request for 50 ms.
 */
const SLICE = 24;

type Committed = Extract<Answer, { type: 'committed' }>;

interface Slice extends Pick<Committed, 'outcomes' | 'hints'> {
  readonly batch: readonly Waiting[];
}

interface Waiting {
  readonly command: Command;
  resolve(result: unknown): void;
  reject(error: StoreError): void;
}

/**
 * The SQLite store with its core in a worker thread: `serve`'s store. Commands that come while a transaction runs share
 * the next one. Rejects with StoreError when the database cannot be opened.
 */
export async function openWorkerStore(options: WorkerStoreOptions): Promise<Store> {
  const script =
    options.script ?? new URL(`./worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url);
  const fromSource = extname(script.pathname) === '.ts';
  const worker = new Worker(script, {
    workerData: { path: options.path, rules: options.rules, secretsKeys: options.secretsKeys ?? [] },
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    ...(fromSource ? { execArgv: [SOURCE_CONDITION] } : {}),
  });
  const client = new WorkerClient(worker, options);
  const generation = await client.opened;
  const reads = readsBy((name, args) => client.read(name, args));
  return {
    ...reads,
    capabilities: { severalNodes: false },
    generation,
    commit: <C extends Command>(command: C) => client.commit(command) as Promise<ResultOf<C>>,
    onLanes: (listener) => client.onLanes(listener),
    close: () => client.close(),
  };
}

class WorkerClient {
  readonly opened: Promise<number>;
  readonly #worker: Worker;
  readonly #options: WorkerStoreOptions;
  readonly #listeners: ((hints: readonly StreamHint[]) => void)[] = [];
  readonly #reads = new Map<number, { resolve(value: unknown): void; reject(error: StoreError): void }>();
  readonly #batches: Waiting[][] = [];
  /** What the worker has answered and nobody has been told yet. */
  readonly #inbox: (() => void)[] = [];
  #telling = false;
  #queue: Waiting[] = [];
  /** Reads of this turn. */
  #asked: ReadAsk[] = [];
  #scheduled = false;
  #installId = '';
  #lastRead = 0;
  #ended: StoreError | undefined;
  #closing: Promise<void> | undefined;
  #onClosed: (() => void) | undefined;

  constructor(worker: Worker, options: WorkerStoreOptions) {
    this.#worker = worker;
    this.#options = options;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.opened = promise;
    worker.on('message', (text: string) => {
      const answer = JSON.parse(text) as Answer;
      if (answer.type === 'opened') {
        this.#installId = answer.installId;
        resolve(answer.generation);
      } else if (answer.type === 'not-opened') {
        this.#ended = storeError(answer.error);
        reject(this.#ended);
      } else this.#arrived(answer);
    });
    worker.on('error', (error) => this.#die(`the store's thread failed: ${error}`, reject));
    worker.on('exit', () => this.#die("the store's thread ended", reject));
  }

  commit(command: Command): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, resolve, reject });
      if (this.#batches.length >= PIPELINE) return;
      if (this.#queue.length >= EAGER) this.#send();
      if (this.#scheduled || this.#queue.length === 0) return;
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#send();
      });
    });
  }

  read(name: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#lastRead += 1;
      this.#reads.set(this.#lastRead, { resolve, reject });
      if (this.#asked.length === 0) setImmediate(() => this.#askReads());
      this.#asked.push({ id: this.#lastRead, name, args });
      if (this.#asked.length >= READS_TOGETHER) this.#askReads();
    });
  }

  onLanes(listener: (hints: readonly StreamHint[]) => void): void {
    this.#listeners.push(listener);
  }

  close(): Promise<void> {
    this.#closing ??= new Promise<void>((resolve) => {
      if (this.#ended !== undefined) {
        resolve();
        return;
      }
      this.#onClosed = resolve;
      this.#askReads();
      while (this.#queue.length > 0) this.#send();
      this.#ask({ type: 'close' });
    });
    return this.#closing;
  }

  #ask(ask: Ask): void {
    this.#worker.postMessage(JSON.stringify(ask));
  }

  #askReads(): void {
    if (this.#asked.length === 0) return;
    this.#ask({ type: 'read', reads: this.#asked });
    this.#asked = [];
  }

  #send(): void {
    if (this.#queue.length === 0) return;
    const batch = this.#queue.length <= BATCH_LIMIT ? this.#queue : this.#queue.slice(0, BATCH_LIMIT);
    this.#queue = batch === this.#queue ? [] : this.#queue.slice(BATCH_LIMIT);
    this.#batches.push(batch);
    this.#ask({ type: 'commit', commands: batch.map(({ command }) => command) });
  }

  /** The worker gets its next batch at once; what has come is told in the order of its coming, a slice a turn. */
  #arrived(answer: Exclude<Answer, { type: 'opened' | 'not-opened' }>): void {
    if (answer.type === 'committed') {
      const batch = this.#batches.shift() ?? [];
      this.#options.onCommit?.(batch.length, answer.durationMs);
      for (const slice of slices(batch, answer)) this.#inbox.push(() => this.#tell(slice));
      if (!this.#scheduled) this.#send();
    } else if (answer.type === 'read') {
      this.#inbox.push(() => {
        for (const one of answer.answers) this.#take(one);
      });
    } else {
      this.#inbox.push(() => this.#die('the store is closed'));
    }
    if (!this.#telling) this.#tellOn();
  }

  #tellOn(): void {
    this.#inbox.shift()?.();
    this.#telling = this.#inbox.length > 0;
    if (this.#telling) setImmediate(() => this.#tellOn());
  }

  #tell({ batch, outcomes, hints }: Slice): void {
    batch.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index];
      if (outcome?.kind === 'failed') reject(storeError(outcome));
      else resolve(outcome);
    });
    if (hints.length === 0) return;
    const commands = batch.map(({ command }) => command);
    const told = streamHints(this.#installId, commands, outcomes, hints);
    for (const listener of this.#listeners) listener(told);
  }

  #take(answer: ReadAnswer): void {
    const waiting = this.#reads.get(answer.id);
    this.#reads.delete(answer.id);
    if ('error' in answer) waiting?.reject(storeError(answer.error));
    else waiting?.resolve(withoutNulls(answer.value));
  }

  #die(why: string, rejectOpening?: (error: StoreError) => void): void {
    if (this.#ended !== undefined) return;
    for (const tell of this.#inbox.splice(0)) tell();
    const closing = this.#closing !== undefined;
    this.#ended = new StoreError(closing ? 'closed' : 'internal', why);
    for (const { reject } of [...this.#batches.flat(), ...this.#queue, ...this.#reads.values()])
      reject(this.#ended);
    this.#batches.length = 0;
    this.#queue = [];
    this.#reads.clear();
    rejectOpening?.(this.#ended);
    this.#onClosed?.();
    if (!closing) this.#options.onDeath?.(this.#ended);
  }
}

/** The answer to a batch in pieces of SLICE commands, each with the hints of its own. */
function slices(batch: readonly Waiting[], { outcomes, hints }: Committed): Slice[] {
  const count = Math.ceil(batch.length / SLICE);
  return Array.from({ length: count }, (_, index) => {
    const from = index * SLICE;
    const to = from + SLICE;
    return {
      batch: batch.slice(from, to),
      outcomes: outcomes.slice(from, to),
      hints: hints
        .filter(({ command }) => command >= from && command < to)
        .map((hint) => ({ ...hint, command: hint.command - from })),
    };
  });
}

/** JSON has no `undefined`: what is missing in a list comes as null. */
function withoutNulls(value: unknown): unknown {
  return Array.isArray(value) ? value.map((item: unknown) => item ?? undefined) : value;
}

function storeError(error: WireError): StoreError {
  return new StoreError(error.code, error.message);
}
