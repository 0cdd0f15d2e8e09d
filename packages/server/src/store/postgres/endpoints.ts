import { type Endpoint, type EndpointSettings, wants, withLaterSettings } from '../../domain/endpoint.ts';
import type { EventKind } from '../../domain/event-kinds.ts';
import { type DeletedEndpoint, NO_SETTINGS, withoutSecrets } from '../sqlite/endpoints.ts';
import type { Sealer } from '../sqlite/sealer.ts';
import type { Counter } from './counters.ts';
import type { Memory } from './rows.ts';
import { type Call, call, type Row, statement } from './statement.ts';
import type { Write, Writes } from './writes.ts';

const ENDPOINTS = statement(
  `SELECT e.*, EXISTS (SELECT 1 FROM job j WHERE j.finished_at IS NULL AND j.kind = 'start' AND j.endpoint_id = e.id) AS starting
   FROM endpoint e ORDER BY e.id`,
);
const AUDIENCES = statement('SELECT id, array_to_json(endpoints)::text AS endpoints FROM audience');

const INSERT = statement('INSERT INTO endpoint VALUES ($1, $2, $3, $4, NULL, 1, $5, NULL, $6)');
const UPDATE = statement(
  'UPDATE endpoint SET settings = $1, source = $2, pause_reason = $3, version = version + 1 WHERE id = $4',
);
const SET_PAUSED = statement('UPDATE endpoint SET pause_reason = $1 WHERE id = $2');
const MARK_DELETED = statement('UPDATE endpoint SET deleted_at = $1, settings = $2 WHERE id = $3');
const INSERT_AUDIENCE = statement(
  'INSERT INTO audience SELECT $1, array(SELECT json_array_elements_text($2::json)::int8)',
);

/** What is read at the start, and after a turn that changed an endpoint. */
export const LOAD_ENDPOINTS: readonly Call[] = [call(ENDPOINTS), call(AUDIENCES)];

/** Endpoints are few: all of them stay in memory, with the sets of them that events were matched to. */
export class Endpoints implements Memory {
  readonly #writes: Writes;
  readonly #sealer: Sealer;
  readonly #ids: Counter;
  readonly #audienceCounter: Counter;
  #kept: readonly Endpoint[] = [];
  #live: readonly Endpoint[] = [];
  #byApp = new Map<number, Endpoint[]>();
  #byId = new Map<number, Endpoint>();
  #deleted: readonly DeletedEndpoint[] = [];
  #names = new Map<number, string>();
  readonly #audiences = new Map<number, ReadonlySet<number>>();
  readonly #audienceIds = new Map<string, number>();
  readonly #newAudiences = new Map<string, number>();
  #changed = false;

  constructor(
    writes: Writes,
    sealer: Sealer,
    counters: { readonly endpoints: Counter; readonly audiences: Counter },
  ) {
    this.#writes = writes;
    this.#sealer = sealer;
    this.#ids = counters.endpoints;
    this.#audienceCounter = counters.audiences;
  }

  /** Takes in the rows of LOAD_ENDPOINTS. */
  loaded([rows = [], audiences = []]: readonly (readonly Row[])[]): void {
    this.#names = new Map(rows.map((row) => [row.id as number, row.name as string]));
    this.#kept = rows.filter((row) => row.deleted_at === null).map((row) => endpointOf(row, this.#sealer));
    this.#deleted = rows
      .filter((row) => row.deleted_at !== null && row.settings !== NO_SETTINGS)
      .map((row) => ({ endpoint: endpointOf(row, this.#sealer), deletedAt: row.deleted_at as number }));
    this.#audiences.clear();
    this.#audienceIds.clear();
    for (const row of audiences) this.#learn(row.endpoints as string, row.id as number);
    this.discard();
  }

  /** The endpoints have to be loaded after this pass. */
  get changed(): boolean {
    return this.#changed;
  }

  /** What a start job leads to shows after the turn. */
  load(): void {
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
    const id = this.#audienceCounter.next();
    this.#newAudiences.set(key, id);
    this.#write(call(INSERT_AUDIENCE, id, key));
    return id;
  }

  audienceHas(audience: number, endpointId: number): boolean {
    const known = this.#audiences.get(audience);
    if (known !== undefined) return known.has(endpointId);
    for (const [key, id] of this.#newAudiences)
      if (id === audience) return (JSON.parse(key) as number[]).includes(endpointId);
    return false;
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
    const write: Write<null> = { table: 'endpoint and audience', call: () => one };
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
