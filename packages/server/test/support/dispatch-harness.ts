/**
 * The dispatcher over a real store, real sockets and a clock that the test moves.
 *
 *     await using world = await startWorld({ endpoints: [{ name: 'a', retry: { maxAttempts: 3 } }], script });
 *     await world.send('g1', 5);
 *     await world.start();
 *     await world.until(() => world.arrivals.length === 5);
 *
 * `until` lets the sockets work while anything can happen by itself, and moves the clock to its next timer when nothing
 * can: retries of hours pass at once, and nothing is decided by how fast the machine is.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EndpointSettings } from '../../src/domain/endpoint.ts';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { parseEndpoint } from '../../src/domain/settings/parse-endpoint.ts';
import type { Command, ResultOf } from '../../src/store/commands.ts';
import { openFileStore, openMemoryStore } from '../../src/store/sqlite/open.ts';
import type { Store } from '../../src/store/store.ts';
import { Dispatcher } from '../../src/webhook/dispatcher.ts';
import type { EndpointState } from '../../src/webhook/endpoint-state.ts';
import type { Holdings } from '../../src/webhook/holdings.ts';
import { type Arrival, type ArrivalScript, arrivalOf, isStuck } from './arrivals.ts';
import { ManualClock } from './manual-clock.ts';
import { type Recording, recordOutcomes } from './recording-observer.ts';
import { type Receiver, type RecordedRequest, type Reply, startReceiver } from './scripted-receiver.ts';

export const APP = 1400000001;
export const SENDER = 'alice';
const RULES = { ...DEFAULT_RULES, groupMessagesPerSecond: 0 };
const DAY_MS = 86_400_000;

/** An endpoint as one writes it; without `url` it is the receiver's, with the name as path. */
export type WrittenEndpoint = { readonly name: string } & Readonly<Record<string, unknown>>;

export interface WorldOptions {
  readonly endpoints?: readonly WrittenEndpoint[];
  readonly script?: ArrivalScript;
  /** Keep the database in a file, so that it can be opened again. */
  readonly file?: boolean;
  /** What the dispatcher is given in place of the store. */
  readonly wrap?: (store: Store) => Store;
  readonly random?: () => number;
  /** Attempts under way at all endpoints together. */
  readonly concurrency?: number;
  /** The lanes that are this process's; all of them, unless it is given. */
  readonly holdings?: Holdings;
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const receiver = await startReceiver();
  const folder = options.file === true ? await mkdtemp(join(tmpdir(), 'confab-dispatch-')) : undefined;
  const world = new World(options, receiver, folder);
  for (const app of [APP, APP + 1]) {
    const accounts = [{ userId: SENDER }];
    await world.commit({ type: 'importAccounts', app, now: world.clock.now(), accounts });
  }
  for (const endpoint of options.endpoints ?? [{ name: 'a' }]) await world.put(endpoint);
  return world;
}

export class World implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly receiver: Receiver;
  readonly arrivals: Arrival[] = [];
  readonly recording: Recording;
  store: Store;
  /** How often the dispatcher said that another process owns the store. */
  fenced = 0;
  readonly #options: WorldOptions;
  readonly #folder: string | undefined;
  readonly #counts = new Map<string, number>();
  readonly #groups = new Set<string>();
  /** Requests that wait for the test or for the clock: endpoint and event. */
  readonly #stuck = new Set<string>();
  #script: ArrivalScript;
  #dispatcher: Dispatcher | undefined;
  #serial = 0;
  #stirred = Promise.withResolvers<void>();

  constructor(options: WorldOptions, receiver: Receiver, folder: string | undefined) {
    this.#options = options;
    this.#folder = folder;
    this.receiver = receiver;
    this.store = this.#openStore();
    this.#script = options.script ?? (() => ({}));
    receiver.reply((request) => this.#arrive(request));
    this.recording = recordOutcomes(({ endpoint, id }) => {
      this.#stuck.delete(`${endpoint} ${id}`);
      this.#stir();
    });
  }

  get dispatcher(): Dispatcher {
    if (this.#dispatcher === undefined) throw new Error('the dispatcher has not been started');
    return this.#dispatcher;
  }

  get started(): boolean {
    return this.#dispatcher !== undefined;
  }

  script(script: ArrivalScript): void {
    this.#script = script;
  }

  async start(): Promise<void> {
    this.#dispatcher = new Dispatcher({
      store: this.#options.wrap?.(this.store) ?? this.store,
      clock: this.clock,
      random: this.#options.random ?? (() => 0.5),
      observer: this.recording.observer,
      ...(this.#options.concurrency === undefined ? {} : { concurrency: this.#options.concurrency }),
      ...(this.#options.holdings === undefined ? {} : { holdings: this.#options.holdings }),
      onFenced: () => {
        this.fenced += 1;
      },
    });
    await this.#dispatcher.start();
  }

  /** Stops in order while the clock goes on. */
  async stop(): Promise<void> {
    let stopped = false;
    const stopping = this.dispatcher.stop().then(() => {
      stopped = true;
      this.#stir();
    });
    await this.until(() => stopped);
    await stopping;
  }

  /** A crash: what was under way is dropped, and the next dispatcher knows only what the store knows. */
  async crash(): Promise<void> {
    await this.dispatcher.abort();
    await this.receiver.idle();
    this.#stuck.clear();
    if (this.#folder === undefined) return;
    await this.store.close();
    this.store = this.#openStore();
  }

  commit<C extends Command>(command: C): Promise<ResultOf<C>> {
    return this.store.commit(command);
  }

  settings({ name, ...rest }: WrittenEndpoint): EndpointSettings {
    const url = `${this.receiver.url}/${name}`;
    const read = parseEndpoint({
      name,
      url,
      events: 'Group.CallbackAfterSendMsg',
      allowPrivateNetwork: true,
      ...rest,
    });
    if (!read.ok) throw new Error(read.problems.map(({ path, message }) => `${path}: ${message}`).join('; '));
    return read.value;
  }

  /** Creates or changes an endpoint; the dispatcher is not told. */
  async put(endpoint: WrittenEndpoint, app = APP): Promise<void> {
    const settings = this.settings(endpoint);
    const put = await this.commit({
      type: 'putEndpoint',
      app,
      now: this.clock.now(),
      settings,
      source: 'api',
    });
    if (put.kind === 'refused') throw new Error(put.why);
  }

  /** Sends messages to a group, which is made with its first one. */
  async send(groupId: string, count = 1, app = APP): Promise<void> {
    if (!this.#groups.has(groupId)) await this.#createGroup(groupId, app);
    const sends = Array.from({ length: count }, () => this.#send(groupId, app));
    for (const sent of await Promise.all(sends)) {
      if (sent.kind !== 'sent') throw new Error(`not sent: ${JSON.stringify(sent)}`);
    }
  }

  /** `MsgSeq` of what arrived for a group, in order of arrival. */
  arrived(group: string, path = 'a'): number[] {
    return this.arrivals
      .filter((arrival) => arrival.group === group && arrival.path === path)
      .map(({ msgSeq }) => msgSeq);
  }

  state(name = 'a'): EndpointState | undefined {
    return this.dispatcher.states().find(({ endpoint }) => endpoint.settings.name === name);
  }

  /** Waits until it is so; the clock moves on as far as it must, at most `limitMs`. */
  async until(done: () => boolean | Promise<boolean>, limitMs = DAY_MS): Promise<void> {
    const end = this.clock.monotonic() + limitMs;
    while (!(await done())) {
      await this.turn();
      if (await done()) return;
      if (this.#isMoving()) await this.#stirred.promise;
      else this.#tick(end, `not within ${limitMs} ms: ${done}`);
    }
  }

  /** Waits until every lane has caught up and that is written down. */
  async quiet(limitMs = DAY_MS): Promise<void> {
    await this.until(async () => {
      const inMemory = this.dispatcher.states().some(({ lanesInMemory }) => lanesInMemory > 0);
      return !inMemory && (await this.store.lanes({ limit: 1 })).length === 0;
    }, limitMs);
  }

  /** Lets this much time pass, with everything that it brings. */
  async elapse(ms: number): Promise<void> {
    const end = this.clock.monotonic() + ms;
    for (;;) {
      await this.rest();
      const next = this.clock.nextIn;
      if (next === undefined || this.clock.monotonic() + next > end) break;
      this.clock.advance(next);
    }
    this.clock.advance(end - this.clock.monotonic());
    await this.rest();
  }

  /** Waits until nothing more happens unless time passes or the test does something. */
  async rest(): Promise<void> {
    await this.turn();
    while (this.#isMoving()) {
      await this.#stirred.promise;
      await this.turn();
    }
  }

  /** One turn of the event loop: whatever needs no socket and no clock has happened. */
  turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dispatcher?.abort();
    await this.receiver.close();
    await this.store.close();
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true });
  }

  /** An attempt is under way that will end, or arrive, without the clock. */
  #isMoving(): boolean {
    const flying = this.#dispatcher?.states().reduce((sum, { inFlight }) => sum + inFlight, 0) ?? 0;
    return flying > this.#stuck.size;
  }

  #stir(): void {
    this.#stirred.resolve();
    this.#stirred = Promise.withResolvers();
  }

  #tick(end: number, why: string): void {
    const next = this.clock.nextIn;
    if (next === undefined) throw new Error(`nothing more would happen; ${why}`);
    if (this.clock.monotonic() + next > end) throw new Error(why);
    this.clock.advance(next);
  }

  #arrive(request: RecordedRequest): Reply {
    const arrival = arrivalOf(request, this.#counts);
    this.arrivals.push(arrival);
    const reply = this.#script(arrival);
    const key = `${arrival.path} ${arrival.id}`;
    if (isStuck(reply)) this.#stuck.add(key);
    if (typeof reply === 'object' && 'until' in reply) {
      void reply.until?.then(() => {
        this.#stuck.delete(key);
        this.#stir();
      });
    }
    this.#stir();
    return reply;
  }

  #openStore(): Store {
    return this.#folder === undefined
      ? openMemoryStore({ rules: RULES })
      : openFileStore(join(this.#folder, 'confab.db'), { rules: RULES });
  }

  async #createGroup(groupId: string, app: number): Promise<void> {
    this.#groups.add(groupId);
    const created = await this.commit({
      type: 'createGroup',
      app,
      now: this.clock.now(),
      operator: SENDER,
      groupType: 'Public',
      name: groupId,
      groupId,
      idSeed: 'UNUSEDSEED00',
    });
    if (created.kind !== 'created') throw new Error(JSON.stringify(created));
  }

  #send(groupId: string, app: number): Promise<ResultOf<Extract<Command, { type: 'sendMessage' }>>> {
    this.#serial += 1;
    const element = { MsgType: 'TIMTextElem', MsgContent: { Text: `message ${this.#serial}` } };
    return this.commit({
      type: 'sendMessage',
      app,
      now: this.clock.now(),
      groupId,
      sender: SENDER,
      operator: SENDER,
      senderIsAdmin: true,
      random: this.#serial,
      priority: 'Normal',
      onlineOnly: false,
      msgBodyJson: JSON.stringify([element]),
      noUnread: false,
      noLastMsg: false,
      forbidAfterWebhook: false,
      supportMessageExtension: false,
      needReadReceipt: false,
      clientIp: '203.0.113.7',
      platform: 'RESTAPI',
      operationId: `op${this.#serial}`,
    });
  }
}
