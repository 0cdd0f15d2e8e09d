import assert from 'node:assert/strict';
import { BEFORE_KINDS } from '../../src/domain/event-kinds.ts';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { eventsKnownTo, showEvents } from '../../src/domain/settings/events.ts';
import { storeInProcess } from '../../src/store/sqlite/in-process.ts';
import { openCore } from '../../src/store/sqlite/open.ts';
import { Dispatcher } from '../../src/webhook/dispatcher.ts';
import { recordOutcomes } from '../support/recording-observer.ts';
import { type Answer, type Harness, startRest } from '../support/rest-harness.ts';
import { type Receiver, startReceiver } from '../support/scripted-receiver.ts';
import { answerProblems } from './answers.ts';
import type { Call, Case } from './contract.ts';
import { ACCOUNT_SERVICE, ACCOUNTS } from './scene.ts';

const GROUP_SERVICE = 'group_open_http_svc';

export type Scene = Pick<Case, 'given' | 'rules' | 'later'>;

/** The REST surface, its webhooks and one receiver that wants all of them, after the calls of a case's `given`. */
export class ContractWorld implements AsyncDisposable {
  readonly #rest: Harness;
  readonly #receiver: Receiver;
  readonly #changes: () => number;
  #dispatcher: Dispatcher | undefined;

  private constructor(rest: Harness, receiver: Receiver, changes: () => number) {
    this.#rest = rest;
    this.#receiver = receiver;
    this.#changes = changes;
  }

  static async start({ given = [], rules = {}, later = 0 }: Scene): Promise<ContractWorld> {
    const allRules = { ...DEFAULT_RULES, ...rules };
    const opened = openCore(':memory:', allRules);
    const rest = await startRest({ rules: allRules, store: storeInProcess(opened) });
    const receiver = await startReceiver();
    const world = new ContractWorld(rest, receiver, opened.changes);
    const calls: Call[] = [[`${ACCOUNT_SERVICE}/multiaccount_import`, { Accounts: ACCOUNTS }], ...given];
    for (const [command, body] of calls) {
      const { ErrorCode, ErrorInfo } = await world.call(command, body);
      assert.equal(ErrorCode, 0, `given: ${command} ${JSON.stringify(body)}: ${ErrorInfo}`);
    }
    rest.clock.jump(later);
    // Only now, so that what was given sends nothing.
    const events = ['all', ...showEvents(eventsKnownTo('tencent', BEFORE_KINDS), 'tencent')];
    await rest.putEndpoint({ name: 'all', url: receiver.url, events, allowPrivateNetwork: true });
    return world;
  }

  /** Each answer has to be what /openapi.json says of it. */
  async call(command: string, body: object): Promise<Answer> {
    const answer = await this.#rest.call(command, body);
    const path = command.includes('/') ? command : `${GROUP_SERVICE}/${command}`;
    assert.deepEqual(answerProblems(path, answer), [], `${path} answers ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Rows of the database that were written so far. */
  get changes(): number {
    return this.#changes();
  }

  /** Webhooks that arrived so far, as the bodies say. */
  get webhooks(): readonly Readonly<Record<string, unknown>>[] {
    return this.#receiver.requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  }

  /** Waits until whatever happened is delivered; from then on webhooks are sent at once. */
  async delivered(): Promise<void> {
    const { store, clock } = this.#rest;
    this.#dispatcher ??= await this.#dispatch();
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const states = this.#dispatcher.states();
      if (states.some(({ inFlight }) => inFlight > 0)) continue;
      const inMemory = states.some(({ lanesInMemory }) => lanesInMemory > 0);
      if (!inMemory && (await store.lanes({ limit: 1 })).length === 0) return;
      const next = clock.nextIn;
      assert.ok(next !== undefined, 'a lane waits for nothing');
      clock.advance(next);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dispatcher?.abort();
    await this.#receiver.close();
    await this.#rest[Symbol.asyncDispose]();
  }

  async #dispatch(): Promise<Dispatcher> {
    const { store, clock } = this.#rest;
    const dispatcher = new Dispatcher({
      store,
      clock,
      random: () => 0.5,
      observer: recordOutcomes(() => {}).observer,
      onFenced: () => assert.fail('nobody else opens the store'),
    });
    await dispatcher.start();
    return dispatcher;
  }
}
