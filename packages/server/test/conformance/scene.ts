import assert from 'node:assert/strict';
import type { EndpointSettings } from '../../src/domain/endpoint.ts';
import type { Group } from '../../src/domain/group.ts';
import { DEFAULT_RULES, type Rules } from '../../src/domain/rules.ts';
import type {
  Command,
  CreateGroup,
  ResultMap,
  ResultOf,
  SendMessage,
  SentMessage,
} from '../../src/store/commands.ts';
import {
  hintedEvent,
  type LaneEvent,
  type LaneKey,
  type LaneProgress,
  type StreamHint,
} from '../../src/store/lanes.ts';
import type { Store } from '../../src/store/store.ts';
import { APP, checkpoint, createGroup, progress, putEndpoint, START, sendMessage } from './commands.ts';
import type { OpenStore } from './open-store.ts';

/** What a hint tells one lane. `cursor` when the lane got its row by that commit. */
interface LaneHint extends LaneKey {
  readonly cursor?: number;
  readonly event?: LaneEvent;
}

function laneHints(hint: StreamHint): LaneHint[] {
  const { streamId, behind, fresh, cursor } = hint;
  const told = (endpointId: number) => {
    const event = hintedEvent(hint, endpointId);
    return event === undefined ? {} : { event };
  };
  return [
    ...fresh.map((endpointId) => ({ endpointId, streamId, cursor, ...told(endpointId) })),
    ...behind.map((endpointId) => ({ endpointId, streamId, ...told(endpointId) })),
  ];
}

let databases = 0;

/** One store with short words for what tests do over and over. `now` is the time of the next command, moved by hand. */
export class Scene implements AsyncDisposable {
  now = START;
  readonly app: number;
  readonly database: string;
  readonly hints: LaneHint[] = [];
  readonly rules: Rules;
  readonly #open: OpenStore;
  #store: Store;

  constructor(open: OpenStore, store: Store, options: { rules: Rules; database: string; app: number }) {
    this.#open = open;
    this.#store = store;
    this.rules = options.rules;
    this.database = options.database;
    this.app = options.app;
    store.onLanes((hints) => this.hints.push(...hints.flatMap(laneHints)));
  }

  get store(): Store {
    return this.#store;
  }

  commit<C extends Command>(command: C): Promise<ResultOf<C>> {
    return this.#store.commit(command);
  }

  /** All of them in one transaction, as far as the store puts one turn's commands together. */
  async batch<C extends Command>(...commands: C[]): Promise<ResultOf<C>[]> {
    // `unknown`: what each of so many commands results in is too much for the compiler to spread over a list.
    const results: Promise<unknown>[] = commands.map((command) => this.#store.commit(command));
    return (await Promise.all(results)) as ResultOf<C>[];
  }

  async reopen(): Promise<void> {
    await this.#store.close();
    this.#store = await this.#open({ rules: this.rules, database: this.database });
  }

  accounts(...userIds: string[]): Promise<ResultMap['importAccounts']> {
    const accounts = userIds.map((userId) => ({ userId }));
    return this.commit({ type: 'importAccounts', now: this.now, app: this.app, accounts });
  }

  /** Creates a group with these members, whose accounts it imports; gives it back as it is stored. */
  async group(
    groupId: string,
    members: readonly string[],
    fields: Partial<CreateGroup> = {},
  ): Promise<Group> {
    await this.accounts(...members);
    const list = fields.groupType === 'AVChatRoom' ? {} : { members: members.map((userId) => ({ userId })) };
    const result = await this.commit(
      createGroup({ now: this.now, app: this.app, groupId, ...list, ...fields }),
    );
    assert.deepEqual(result, { kind: 'created', groupId });
    return this.groupNow(groupId);
  }

  async groupNow(groupId: string): Promise<Group> {
    const [group] = await this.store.groups(this.app, [groupId]);
    assert.ok(group !== undefined, `group ${groupId} does not exist`);
    return group;
  }

  send(
    groupId: string,
    sender: string,
    fields: Partial<SendMessage> = {},
  ): Promise<ResultMap['sendMessage']> {
    return this.commit(sendMessage(groupId, sender, { now: this.now, app: this.app, ...fields }));
  }

  async sent(groupId: string, sender: string, fields: Partial<SendMessage> = {}): Promise<SentMessage> {
    const result = await this.send(groupId, sender, fields);
    assert.ok(result.kind === 'sent', JSON.stringify(result));
    return result;
  }

  /** The code a refused send answers with. */
  async sendRefused(groupId: string, sender: string, fields: Partial<SendMessage> = {}): Promise<string> {
    const result = await this.send(groupId, sender, fields);
    assert.ok(result.kind === 'refused', JSON.stringify(result));
    return result.error;
  }

  async endpoint(name: string, settings: Partial<EndpointSettings> = {}): Promise<number> {
    const result = await this.commit(putEndpoint(name, settings, { now: this.now, app: this.app }));
    assert.ok(result.kind === 'done', JSON.stringify(result));
    return result.id;
  }

  /** Numbers and texts of the history, newest first. */
  async history(groupId: string, fromMsgSeq = 0, limit = 20): Promise<number[]> {
    const page = await this.store.history({ app: this.app, groupId, fromMsgSeq, limit });
    assert.ok(page !== undefined);
    return page.messages.map((message) => message.msgSeq);
  }

  async dueLanes(endpointId: number, now = Number.MAX_SAFE_INTEGER) {
    return (await this.store.dueLanes({ endpointId, now, limit: 1_000 })).lanes;
  }

  async read(lane: LaneKey, after: number, maxEvents = 1_000) {
    const [answer] = await this.store.readEvents([{ ...lane, after, maxEvents }]);
    assert.ok(answer !== undefined);
    return answer;
  }

  save(...lanes: LaneProgress[]): Promise<ResultMap['checkpoint']> {
    return this.commit(checkpoint(this.store.generation, { now: this.now, lanes }));
  }

  /** Works until no job is open. */
  async finishJobs(pageSize = 100): Promise<void> {
    while ((await this.commit({ type: 'continueJobs', now: this.now, pageSize })).more);
  }

  /** Delivers everything an endpoint's lanes wait for, the way a dispatcher does: read, then write down how far it came. */
  async drain(endpointId: number, maxEvents = 1_000): Promise<LaneEvent[]> {
    const delivered: LaneEvent[] = [];
    for (;;) {
      const lanes = await this.dueLanes(endpointId);
      if (lanes.length === 0) return delivered;
      for (const lane of lanes) {
        const { events, scannedThrough, atHead } = await this.read(lane, lane.cursor, maxEvents);
        delivered.push(...events);
        const replayId = events[0]?.replayId;
        const step =
          replayId === undefined
            ? { cursor: scannedThrough, idle: atHead }
            : { cursor: lane.cursor, replayId, replayedThrough: events.at(-1)?.seq ?? 0 };
        await this.save(progress(lane, step));
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store.close();
  }
}

export interface SceneOptions {
  readonly rules?: Partial<Rules>;
  /** A database that another scene has left. */
  readonly database?: string;
  readonly app?: number;
}

export async function openScene(open: OpenStore, options: SceneOptions = {}): Promise<Scene> {
  databases += 1;
  const { database = `database-${databases}`, app = APP } = options;
  const rules = { ...DEFAULT_RULES, ...options.rules };
  return new Scene(open, await open({ rules, database }), { rules, database, app });
}
