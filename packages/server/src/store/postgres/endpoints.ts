import { BoundedMap } from '../../base/bounded-map.ts';
import { type Endpoint, type EndpointSettings, wants, withLaterSettings } from '../../domain/endpoint.ts';
import type { EventKind } from '../../domain/event-kinds.ts';
import { type DeletedEndpoint, NO_SETTINGS, withoutSecrets } from '../sqlite/endpoints.ts';
import type { Sealer } from '../sqlite/sealer.ts';
import { int8s, texts } from './arrays.ts';
import type { Common } from './common.ts';
import type { Counter } from './counters.ts';
import { type Questions, question } from './questions.ts';
import type { Memory } from './rows.ts';
import { type Call, call, type Row, statement } from './statement.ts';
import { inOrder, type Write, type Writes } from './writes.ts';

/** Audiences kept in memory; about 100 bytes each. */
const AUDIENCES = 10_000;

const SET_OF = (json: string) => `array(SELECT json_array_elements_text(${json}::json)::int8)`;
const ENDPOINTS = statement(
  `SELECT e.*, EXISTS (SELECT 1 FROM job j WHERE j.finished_at IS NULL AND j.kind = 'start' AND j.endpoint_id = e.id) AS starting
   FROM endpoint e ORDER BY e.id`,
);
const AUDIENCE = question<[number], string | null>(
  'SELECT array_to_json(endpoints)::text AS endpoints FROM audience WHERE id = $1',
  null,
  ([row]) => (row?.endpoints as string | undefined) ?? null,
);
const AUDIENCE_ID = question<[string], number | null>(
  `SELECT id FROM audience WHERE endpoints = ${SET_OF('$1')}`,
  null,
  ([row]) => (row?.id as number | undefined) ?? null,
);

const INSERT = statement('INSERT INTO endpoint VALUES ($1, $2, $3, $4, NULL, 1, $5, NULL, $6)');
const UPDATE = statement(
  'UPDATE endpoint SET settings = $1, source = $2, pause_reason = $3, version = version + 1 WHERE id = $4',
);
const SET_PAUSED = statement('UPDATE endpoint SET pause_reason = $1 WHERE id = $2');
const MARK_DELETED = statement('UPDATE endpoint SET deleted_at = $1, settings = $2 WHERE id = $3');
/** Refuses as `audience` when another process has interned one of them meanwhile. */
const INSERT_AUDIENCES = statement(
  `WITH made AS (INSERT INTO audience SELECT x.id, ${SET_OF('x.key')} FROM unnest($1::int8[], $2::text[]) AS x (id, key)
     ON CONFLICT (endpoints) DO NOTHING RETURNING 1)
   SELECT CASE WHEN count(*) = array_length($1::int8[], 1) THEN 0 ELSE refuse('audience') END FROM made`,
);
const INTERN: Write<{ readonly id: number; readonly key: string }> = {
  table: 'audience',
  rank: 1,
  call: (unsorted) => {
    const items = unsorted.toSorted((a, b) => inOrder(a.key, b.key));
    return call(INSERT_AUDIENCES, int8s(items.map(({ id }) => id)), texts(items.map(({ key }) => key)));
  },
};

/** What is read at the start, and after a turn that changed an endpoint. */
export const LOAD_ENDPOINTS: readonly Call[] = [call(ENDPOINTS)];

/** Endpoints are few: all of them stay in memory, with the sets of them that events were lately matched to. */
export class Endpoints implements Memory {
  readonly #questions: Questions;
  readonly #writes: Writes;
  readonly #common: Common;
  readonly #sealer: Sealer;
  readonly #ids: Counter;
  readonly #audienceCounter: Counter;
  #kept: readonly Endpoint[] = [];
  #live: readonly Endpoint[] = [];
  #byApp = new Map<number, Endpoint[]>();
  #byId = new Map<number, Endpoint>();
  #deleted: readonly DeletedEndpoint[] = [];
  #names = new Map<number, string>();
  readonly #audiences = new BoundedMap<number, ReadonlySet<number>>(AUDIENCES);
  readonly #audienceIds = new BoundedMap<string, number>(AUDIENCES);
  readonly #newAudiences = new Map<string, number>();
  #changed = false;

  constructor(
    questions: Questions,
    writes: Writes,
    common: Common,
    sealer: Sealer,
    counters: { readonly endpoints: Counter; readonly audiences: Counter },
  ) {
    this.#questions = questions;
    this.#writes = writes;
    this.#common = common;
    this.#sealer = sealer;
    this.#ids = counters.endpoints;
    this.#audienceCounter = counters.audiences;
  }

  /** Takes in the rows of LOAD_ENDPOINTS. */
  loaded([rows = []]: readonly (readonly Row[])[]): void {
    this.#names = new Map(rows.map((row) => [row.id as number, row.name as string]));
    this.#kept = rows.filter((row) => row.deleted_at === null).map((row) => endpointOf(row, this.#sealer));
    this.#deleted = rows
      .filter((row) => row.deleted_at !== null && row.settings !== NO_SETTINGS)
      .map((row) => ({ endpoint: endpointOf(row, this.#sealer), deletedAt: row.deleted_at as number }));
    this.discard();
  }

  /** The endpoints have to be loaded after this pass. */
  get changed(): boolean {
    return this.#changed;
  }

  /** What a start job leads to shows after the turn. */
  load(): void {
    this.#common.changesConfig();
    this.#changed = true;
  }

  all(): readonly Endpoint[] {
    return this.#kept;
  }

  ofApp(app: number): readonly Endpoint[] {
    return this.#byApp.get(app) ?? [];
  }

  get(id: number): Endpoint | undefined {
    return this.#byId.get(id);
  }

  /** Also a deleted one, as long as something of it is kept. */
  known(id: number): Endpoint | undefined {
    return this.#byId.get(id) ?? this.#deleted.find(({ endpoint }) => endpoint.id === id)?.endpoint;
  }

  byName(app: number, name: string): Endpoint | undefined {
    return this.ofApp(app).find((endpoint) => endpoint.settings.name === name);
  }

  deletedOf(app: number): readonly DeletedEndpoint[] {
    return this.#deleted.filter(({ endpoint }) => endpoint.app === app);
  }

  /** Also of a deleted endpoint. */
  nameOf(id: number): string {
    return this.#names.get(id) ?? `#${id}`;
  }

  /** The endpoints that want this event now, paused ones included: a pause holds the cursor, it loses nothing. */
  matching(app: number, kind: EventKind, groupId: string): readonly Endpoint[] {
    return this.ofApp(app).filter((endpoint) => wants(endpoint.settings, kind, groupId));
  }

  /** The number that stands for this set of endpoints in the log; 0 for none. */
  audienceOf(endpoints: readonly Endpoint[]): number {
    if (endpoints.length === 0) return 0;
    const key = JSON.stringify(endpoints.map(({ id }) => id));
    const known = this.#audienceIds.get(key) ?? this.#newAudiences.get(key);
    if (known !== undefined) return known;
    const stored = this.#questions.ask(AUDIENCE_ID, key);
    if (stored !== null) {
      this.#learn(key, stored);
      return stored;
    }
    const id = this.#audienceCounter.next();
    this.#newAudiences.set(key, id);
    this.#writes.put(INTERN, key, { id, key });
    return id;
  }

  audienceHas(audience: number, endpointId: number): boolean {
    const known = this.#audiences.get(audience);
    if (known !== undefined) return known.has(endpointId);
    for (const [key, id] of this.#newAudiences)
      if (id === audience) return (JSON.parse(key) as number[]).includes(endpointId);
    const stored = audience === 0 ? null : this.#questions.ask(AUDIENCE, audience);
    if (stored === null) return false;
    this.#learn(stored, audience);
    return (JSON.parse(stored) as number[]).includes(endpointId);
  }

  insert(app: number, settings: EndpointSettings, source: 'config' | 'api', now: number): number {
    const id = this.#ids.next();
    const { name } = settings;
    this.#write(call(INSERT, id, app, name, source, now, this.#seal(app, settings)));
    this.#put({ id, app, source, paused: false, version: 1, createdAt: now, starting: false, settings });
    return id;
  }

  update(
    id: number,
    settings: EndpointSettings,
    source: 'config' | 'api',
    pauseReason: Endpoint['pauseReason'] | null,
  ): void {
    const before = this.#byId.get(id);
    if (before === undefined) return;
    this.#write(call(UPDATE, this.#seal(before.app, settings), source, pauseReason ?? null, id));
    this.#put(withPause({ ...before, settings, source, version: before.version + 1 }, pauseReason));
  }

  setPaused(id: number, reason: Endpoint['pauseReason'] | null): void {
    const before = this.#byId.get(id);
    if (before === undefined) return;
    this.#write(call(SET_PAUSED, reason ?? null, id));
    this.#put(withPause(before, reason));
  }

  /** What may hold a secret goes with it; the rest stays, to explain what it was sent. */
  delete(id: number, now: number): void {
    const kept = withoutSecrets(this.#byId.get(id)?.settings);
    this.#write(call(MARK_DELETED, now, JSON.stringify(kept), id));
    this.#use(this.#live.filter((endpoint) => endpoint.id !== id));
    this.#changed = true;
  }

  discard(): void {
    this.#newAudiences.clear();
    this.#changed = false;
    if (this.#live !== this.#kept) this.#use(this.#kept);
  }

  keep(): void {
    for (const [key, id] of this.#newAudiences) this.#learn(key, id);
    this.#kept = this.#live;
    this.discard();
  }

  forget(): void {
    this.discard();
  }

  #put(endpoint: Endpoint): void {
    const others = this.#live.filter(({ id }) => id !== endpoint.id);
    this.#use([...others, endpoint].toSorted((a, b) => a.id - b.id));
    this.#changed = true;
  }

  #use(live: readonly Endpoint[]): void {
    this.#live = live;
    this.#byId = new Map(live.map((endpoint) => [endpoint.id, endpoint]));
    this.#byApp = Map.groupBy(live, (endpoint) => endpoint.app);
  }

  #learn(key: string, id: number): void {
    this.#audienceIds.set(key, id);
    this.#audiences.set(id, new Set(JSON.parse(key) as number[]));
  }

  #seal(app: number, settings: EndpointSettings): string {
    return this.#sealer.seal(JSON.stringify(settings), { app, name: settings.name });
  }

  /** These are few, and their order matters. */
  #write(one: Call): void {
    this.#common.changesConfig();
    const write: Write<null> = { table: 'endpoint', call: () => one };
    this.#writes.put(write, 'one after the other', null);
  }
}

function withPause(endpoint: Endpoint, reason: Endpoint['pauseReason'] | null): Endpoint {
  const { pauseReason: _before, ...rest } = endpoint;
  return { ...rest, paused: reason != null, ...(reason == null ? {} : { pauseReason: reason }) };
}

function endpointOf(row: Row, sealer: Sealer): Endpoint {
  const app = row.app as number;
  const name = row.name as string;
  const reason = row.pause_reason as Endpoint['pauseReason'] | null;
  const settings = JSON.parse(sealer.open(row.settings as string, { app, name }).text) as EndpointSettings;
  return withPause(
    {
      id: row.id as number,
      app,
      source: row.source as 'config' | 'api',
      paused: false,
      version: row.version as number,
      createdAt: row.created_at as number,
      starting: row.starting === true,
      settings: withLaterSettings(settings),
    },
    reason,
  );
}
